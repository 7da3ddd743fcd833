import { registry } from "@web/core/registry";
import {
    Many2ManyCheckboxesField,
    many2ManyCheckboxesField,
} from "@web/views/fields/many2many_checkboxes/many2many_checkboxes_field";

/**
 * Boxes to tick people, one touch each on a phone.
 *
 * Odoo's own boxes keep a tick back for half a second; when another field draws them anew meanwhile,
 * the box shows the old state, and a second touch takes back what the first one meant. Here a tick
 * is passed on at once, and shown until the record has it.
 */
export class PeopleField extends Many2ManyCheckboxesField {
    setup() {
        super.setup();
        this.ticks = new Map();
    }

    isSelected(item) {
        return this.ticks.get(item[0]) ?? super.isSelected(item);
    }

    async onChange(resId, checked) {
        this.ticks.set(resId, checked);
        await this.props.record.data[this.props.name].addAndRemove({
            add: checked ? [resId] : [],
            remove: checked ? [] : [resId],
        });
        if (this.ticks.get(resId) === checked) {
            this.ticks.delete(resId);
        }
    }
}

registry.category("fields").add("shenpi_people", {
    ...many2ManyCheckboxesField,
    component: PeopleField,
});
