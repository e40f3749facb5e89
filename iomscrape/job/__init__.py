"""A job that can be left alone: what ``iomscrape run PROFILE`` does.

kinds    what may stand for a value          profile  the keys of a profile, read and checked
example  the commented profile of `init`     steps    which commands a profile means
running  one step after the other            logs     lines for people or programs, rotated
units    systemd units and crontab lines
"""
