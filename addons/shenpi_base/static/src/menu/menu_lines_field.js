import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

const SEARCHED = ["name", "code", "department_id", "elsewhere_body"];

const getText = (value) => (value && value.display_name) || value || "";

export class MenuLinesRenderer extends ListRenderer {
    static props = [...ListRenderer.props, "isShown"];

    getRowClass(record) {
        const hidden = this.props.isShown(record) ? "" : " d-none";
        return super.getRowClass(record) + hidden;
    }
}

/**
 * The permits of a menu, to tick, with a search above them that hides the rows which do not match:
 * by words in the name, the code or the body in charge, by phase, or by what is ticked. Nothing is
 * loaded anew, so ticks stay as they are.
 */
export class MenuLinesField extends X2ManyField {
    static template = "shenpi_base.MenuLinesField";
    static components = { ...X2ManyField.components, ListRenderer: MenuLinesRenderer };

    setup() {
        super.setup();
        this.search = useState({ text: "", phase: "", ticked: false });
    }

    get rendererProps() {
        return { ...super.rendererProps, isShown: (record) => this.isShown(record) };
    }

    get phases() {
        const used = new Set(this.list.records.map((record) => record.data.phase));
        return this.list.fields.phase.selection.filter(([phase]) => used.has(phase));
    }

    get summary() {
        const records = this.list.records;
        return _t("%(shown)s of %(all)s shown, %(ticked)s ticked", {
            shown: records.filter((record) => this.isShown(record)).length,
            all: records.length,
            ticked: records.filter((record) => record.data.ticked).length,
        });
    }

    isShown({ data }) {
        const { text, phase, ticked } = this.search;
        if ((phase && data.phase !== phase) || (ticked && !data.ticked)) {
            return false;
        }
        const told = SEARCHED.map((name) => getText(data[name]).toLowerCase()).join("\n");
        const words = text.toLowerCase().split(/\s+/);
        return words.every((word) => told.includes(word));
    }
}

registry.category("fields").add("shenpi_menu_lines", {
    ...x2ManyField,
    component: MenuLinesField,
});
