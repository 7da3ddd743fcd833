import { registry } from "@web/core/registry";
import {
    many2ManyBinaryField,
    Many2ManyBinaryField,
} from "@web/views/fields/many2many_binary/many2many_binary_field";

/**
 * Files of a row in a list: names that open them, and a paperclip that is there before the row is
 * clicked. Takes one line, where the standard widget shows a tile for each file.
 */
export class FilesField extends Many2ManyBinaryField {
    static template = "shenpi_base.FilesField";
}

export const filesField = {
    ...many2ManyBinaryField,
    component: FilesField,
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...many2ManyBinaryField.extractProps(fieldInfo),
        readonly: dynamicInfo.readonly,
    }),
};

registry.category("fields").add("shenpi_files", filesField);
