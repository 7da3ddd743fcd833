from odoo import api, fields, models
from odoo.tools import format_list


class ShenpiImportWords(models.AbstractModel):
    """How the cells of an imported row are read: words of lists, dates; reasons name the column."""

    _name = "shenpi.import.words"
    _description = "Cells of an imported row"

    def _get_heading(self, key):
        """The column's heading in the user's language: Chinese first, English second."""
        chinese = (self.env.lang or "").startswith("zh")
        return self._get_import_columns()[key][0 if chinese else 1]

    @api.model
    def _get_labels(self, key):
        """Hook: ``{value: label}`` of the list that a column is read by."""
        raise NotImplementedError

    @api.model
    def _get_usual_words(self, key):
        """Hook: ``{word: value}`` that people write besides the labels."""
        return {}

    @api.model
    def _get_accepted_words(self, key):
        """``{word: value}``: keys, labels in English and the user's language, and usual words."""
        words = dict(self._get_usual_words(key))
        for record in (self.with_context(lang="en_US"), self):
            words |= {label: value for value, label in record._get_labels(key).items()}
        words |= {value: value for value in self._get_labels(key)}
        return {word.casefold(): value for word, value in words.items()}

    def _read_word(self, key, text, memory, reasons):
        word = memory["words"][key].get(text.casefold())
        if word is None:
            reasons.append(
                self.env._(
                    "%(column)s: “%(value)s” is not one of: %(words)s.",
                    column=self._get_heading(key),
                    value=text,
                    words=format_list(self.env, self._get_labels(key).values(), "or"),
                )
            )
        return word or ""

    def _read_day(self, key, text, reasons):
        """A date as text of the form YYYY-MM-DD; slashes and dots will do."""
        try:
            day = fields.Date.to_date(text.replace("/", "-").replace(".", "-"))
        except ValueError:
            day = None
        if not day:
            reasons.append(
                self.env._(
                    "%(column)s: “%(value)s” is not a date of the form YYYY-MM-DD.",
                    column=self._get_heading(key),
                    value=text,
                )
            )
        return day and day.isoformat()
