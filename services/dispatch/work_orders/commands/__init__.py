"""What people may do to a work order: one class per action."""

from services.dispatch.work_orders.commands.assign import Assign
from services.dispatch.work_orders.commands.check import Rework, Verify
from services.dispatch.work_orders.commands.close import Close
from services.dispatch.work_orders.commands.deciding import Decline
from services.dispatch.work_orders.commands.extension import AskExtension, GrantExtension
from services.dispatch.work_orders.commands.give_back import Return
from services.dispatch.work_orders.commands.resolve import Resolve
from services.dispatch.work_orders.commands.suspension import AskSuspension, GrantSuspension, Resume
from services.dispatch.work_orders.commands.take_up import Accept, Start
from services.dispatch.work_orders.moving import Command

COMMANDS: tuple[type[Command], ...] = (
    Assign, Accept, Return, Start, Resolve, Verify, Rework, Close,
    AskSuspension, GrantSuspension, Resume, AskExtension, GrantExtension, Decline,
)  # fmt: skip
"""In the order in which the API shows them."""
