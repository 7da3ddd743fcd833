import functools
from datetime import date

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ..tools.localtime import parse_moment

AT_GROUPS = ("shenpi_base.group_shenpi_integrator", "shenpi_base.group_shenpi_manager")
REQUIRED = "!"


def in_callers_language(method):
    """Run an ``api_*`` method in the language of its user, unless the call names another one.

    RPC calls come without a language; their errors are read by the people who own the account.
    """

    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        if not self.env.context.get("lang"):
            self = self.with_context(lang=self.env["res.users"].context_get()["lang"])
        return method(self, *args, **kwargs)

    return wrapper


class ShenpiApiMixin(models.AbstractModel):
    """What every ``api_*`` method needs: roles, and payloads read strictly.

    Payloads are plain dicts. A specification maps each key to its type, or to a tuple of the type
    and ``REQUIRED``, or to another specification for a nested dict. Unknown keys are refused, so
    that a misspelt optional key is not lost in silence. Every error names the field by its path.
    """

    _name = "shenpi.api.mixin"
    _description = "API helpers"

    @api.model
    def _api_check_groups(self, *groups):
        """Raise AccessError unless the caller holds one of the groups."""
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("Your role does not allow this call."))

    @api.model
    def _api_read(self, values, spec, path=""):
        """Read a payload by its specification; keys that are absent or null are left out.

        :raise ValidationError: naming the field that is unknown, missing or of the wrong type
        """
        if not isinstance(values, dict):
            raise ValidationError(
                self.env._("%s: must be an object.", path.rstrip(".") or "payload")
            )
        unknown = [key for key in values if key not in spec]
        if unknown:
            raise ValidationError(self.env._("%s: unknown field.", f"{path}{unknown[0]}"))
        result = {}
        for key, rule in spec.items():
            kind, required = rule if isinstance(rule, tuple) else (rule, None)
            value = values.get(key)
            value = value.strip() if isinstance(value, str) and key != "content" else value
            if value is None or (value == "" and key != "content"):
                if required:
                    raise ValidationError(self.env._("%s: is required.", f"{path}{key}"))
                continue
            result[key] = self._api_read_value(value, kind, f"{path}{key}")
        return result

    def _api_read_value(self, value, kind, path):
        if isinstance(kind, dict):
            return self._api_read(value, kind, f"{path}.")
        if isinstance(kind, list):
            if not isinstance(value, list):
                raise ValidationError(self.env._("%s: must be a list.", path))
            return [
                self._api_read_value(entry, kind[0], f"{path}[{place}]")
                for place, entry in enumerate(value)
            ]
        if isinstance(kind, frozenset):
            if value not in kind:
                raise ValidationError(
                    self.env._(
                        "%(field)s: must be one of %(values)s.",
                        field=path,
                        values=", ".join(sorted(kind)),
                    )
                )
            return value
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ValidationError(
                self.env._("%(field)s: must be of type %(type)s.", field=path, type=kind.__name__)
            )
        return value

    @api.model
    def _api_read_moment(self, values, key="at"):
        """The past moment at which a fact happened, as naive UTC; None when it is not given.

        :raise AccessError: the caller is neither an integrator nor a manager
        """
        text = values.get(key)
        if not text:
            return None
        self._api_check_groups(*AT_GROUPS)
        try:
            return parse_moment(text)
        except ValueError as error:
            raise ValidationError(
                self.env._("%s: must be an ISO 8601 date and time with its offset.", key)
            ) from error

    @api.model
    def _api_read_date(self, text, key):
        try:
            day = date.fromisoformat(text)
        except (TypeError, ValueError):
            day = None
        # fromisoformat takes 20260101 and 2026-W01-1 too.
        if not day or day.isoformat() != text:
            raise ValidationError(self.env._("%s: must be a date, YYYY-MM-DD.", key))
        return day

    @api.model
    def _api_clean(self, answer):
        """Leave out what is absent: XML-RPC cannot carry None."""
        return {key: value for key, value in answer.items() if value not in (None, False, "")}
