from odoo import models


class ShenpiFlowFields(models.AbstractModel):
    """Fields that only the record's own flow writes.

    The flow uses sudo after its checks. Forms, imports and RPC never write these fields, whatever
    the caller's role: the refusal stands where Odoo asks for access to a field.
    """

    _name = "shenpi.flow.fields"
    _description = "Fields written by the flow only"

    _flow_fields = frozenset()

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._flow_fields and not self.env.su:
            return False
        return super()._has_field_access(field, operation)
