# iomscrape as a job: docker build -t iomscrape . && docker run -v iom:/archive iomscrape
# For a pull that gives the same bytes for ever, put the digest of your registry behind the tag.
FROM python:3.13.5-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/iomscrape
COPY requirements.lock ./
RUN /opt/iomscrape/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml setup.cfg README.md LICENSE ./
COPY iomscrape ./iomscrape
COPY spiders ./spiders
COPY archive ./archive
RUN /opt/iomscrape/bin/python -m pip install --no-cache-dir --no-deps .

FROM python:3.13.5-slim-bookworm
RUN useradd --uid 10001 --home-dir /archive --create-home --shell /usr/sbin/nologin iomscrape
COPY --from=build /opt/iomscrape /opt/iomscrape
ENV PATH=/opt/iomscrape/bin:$PATH PYTHONUNBUFFERED=1
USER 10001
WORKDIR /archive
VOLUME /archive
# A crawl ends within ten seconds of it.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5m --timeout=30s CMD ["iomscrape", "--version"]
ENTRYPOINT ["iomscrape"]
CMD ["run", "iom.toml", "--quiet"]
