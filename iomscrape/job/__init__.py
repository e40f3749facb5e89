"""A job that can be left alone: what ``iomscrape run PROFILE`` does.

kinds    what may stand for a value          profile  the keys of a profile, read and checked
example  the commented profile of `init`     steps    which commands a profile means
running  one step after the other            logs     lines for people or programs, rotated
account  what there is to tell            telling  report, mail, webhook, metrics
report   for people                       mail     to whoever looks after it
webhook  for programs                     metrics  for Prometheus
keys     what a profile can hold          units    systemd units and crontab lines
"""
