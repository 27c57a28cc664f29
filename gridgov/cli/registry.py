"""`gridgov registry api|worker|migrate`: this service as processes of its own."""

from gridgov.cluster.commands import service_app

app = service_app("registry")
