import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { TimelineModel } from "@web_timeline/views/timeline/timeline_model.esm";
import { TimelineRenderer } from "@web_timeline/views/timeline/timeline_renderer.esm";
import { TimelineView } from "@web_timeline/views/timeline/timeline_view.esm";
import { drawArrow, drawBaseline } from "./timeline_drawing";

const A_DAY = 24 * 60 * 60 * 1000;
// The library brings the month names of a few languages and none in Chinese: numbers say the same
// in every one of them.
const NUMBERS = {
    minorLabels: {
        hour: "HH:mm",
        weekday: "D",
        day: "D",
        week: "D",
        month: "M",
        year: "YYYY",
    },
    majorLabels: {
        minute: "YYYY-MM-DD",
        hour: "YYYY-MM-DD",
        weekday: "YYYY-MM",
        day: "YYYY-MM",
        week: "YYYY-MM",
        month: "YYYY",
        year: "",
    },
};

const showDay = (day) => formatDate(deserializeDate(day));
const startsFirst = (one, other) => one.start - other.start || one.end - other.end;

/** Rows by a selection too, a row for every bar, and bars that contain their last day. */
export class ShenpiTimelineModel extends TimelineModel {
    setup() {
        super.setup(...arguments);
        // The library asks for rights by a call that Odoo has replaced.
        const orm = this.orm;
        this.orm = Object.assign(Object.create(orm), {
            call(model, method, args, kwargs) {
                return method.startsWith("check_access_")
                    ? orm.call(model, "has_access", [[], args[0]])
                    : orm.call(model, method, args, kwargs);
            },
        });
    }

    _event_data_transform(record) {
        const item = super._event_data_transform(record);
        const name = this.last_group_bys[0];
        if (this.fields[name]?.type === "selection" && record[name]) {
            item.group = record[name];
        }
        item.end = new Date((item.end || item.start).getTime() + A_DAY);
        item.subgroup = record.id;
        item.className = record.is_critical ? "o_shenpi_bar_critical" : "";
        item.title = this._describe(record);
        return item;
    }

    /** What the pointer tells of a bar: its dates, and those of the baseline. */
    _describe(record) {
        const lines = [
            _t("Plan: %(start)s – %(end)s", {
                start: showDay(record.plan_start),
                end: showDay(record.plan_end),
            }),
        ];
        if (record.baseline_end) {
            lines.push(
                _t("Baseline: %(start)s – %(end)s", {
                    start: showDay(record.baseline_start),
                    end: showDay(record.baseline_end),
                })
            );
        }
        return lines.map((line) => `<div>${line}</div>`).join("");
    }
}

/** The bars of permits with their baselines below them, and what waits for what. */
export class ShenpiTimelineRenderer extends TimelineRenderer {
    static template = "shenpi_base.TimelineRenderer";

    setup() {
        super.setup();
        Object.assign(this.options, {
            format: NUMBERS,
            stack: false,
            orientation: { axis: "top", item: "top" },
            margin: { axis: 4, item: { horizontal: 0, vertical: 10 } },
            verticalScroll: true,
        });
    }

    draw_canvas() {
        this.canvas.clear();
        const bars = Object.values(this.timeline.itemSet.items).filter(
            (bar) => bar.displayed && bar.data.evt
        );
        const origin = this.$centerContainer.getBoundingClientRect();
        const places = new Map(
            bars.map((bar) => [bar.id, this._getPlace(bar.dom.box, origin)])
        );
        for (const { id, data } of bars) {
            this._drawBaseline(data.evt, places.get(id).bottom + 1);
        }
        for (const { id, data } of bars) {
            this._drawArrows("all_of", data.evt.depend_on_ids, id, places);
            this._drawArrows("any_of", data.evt.after_any_ids, id, places);
        }
    }

    _getPlace(box, origin) {
        const { left, right, top, bottom } = box.getBoundingClientRect();
        return {
            left: left - origin.left,
            right: right - origin.left,
            top: top - origin.top,
            bottom: bottom - origin.top,
        };
    }

    _drawBaseline(record, top) {
        if (record.baseline_end) {
            const toScreen = (day, more) =>
                this.timeline.body.util.toScreen(
                    new Date(deserializeDate(day).toMillis() + more)
                );
            drawBaseline(this.canvas.canvas_ref, {
                left: toScreen(record.baseline_start, 0),
                right: toScreen(record.baseline_end, A_DAY),
                top,
            });
        }
    }

    _drawArrows(kind, beforeIds, id, places) {
        const isCritical = (key) => this.timeline.itemsData.get(key).evt.is_critical;
        for (const before of beforeIds.filter((key) => places.has(key))) {
            const critical = isCritical(before) && isCritical(id);
            const [from, to] = [places.get(before), places.get(id)];
            drawArrow(this.canvas.canvas_ref, from, to, kind, critical);
        }
    }

    async split_groups(records) {
        const groups = await this._split_groups(records);
        return groups.map((group) => ({ ...group, subgroupOrder: startsFirst }));
    }

    async _split_groups(records) {
        const name = this.model.last_group_bys[0];
        const field = this.fields[name];
        if (field?.type !== "selection") {
            const groups = await super.split_groups(records);
            const unassigned = records.some((record) => !record[name]);
            return groups.filter((group) => group.id !== -1 || unassigned);
        }
        const used = new Set(records.map((record) => record[name]));
        return field.selection
            .map(([id, content], order) => ({ id, content, order }))
            .filter((group) => used.has(group.id));
    }
}

registry.category("views").add("shenpi_timeline", {
    ...TimelineView,
    Model: ShenpiTimelineModel,
    Renderer: ShenpiTimelineRenderer,
});
