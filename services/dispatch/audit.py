"""What dispatch keeps a trail of: kind → the table whose `version` the trail must reach (`gridgov verify-trail`)."""

from services.dispatch.work_orders.store import WorkOrders

aggregates = {WorkOrders.kind: WorkOrders.codec.table}
