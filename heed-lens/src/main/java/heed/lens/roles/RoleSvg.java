package heed.lens.roles;

import static heed.chart.Markup.escaped;

import heed.lens.roles.RoleReport.HeadRole;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// The heads of a model as a map, layers from top to bottom: each with the role that it does most often.
public record RoleSvg(RoleReport report) {
    private static final int CELL = 58;
    private static final int ROW = 34;
    private static final int LEFT = 50;
    private static final int TOP = 64;

    public String svg() {
        int width = Math.max(520, LEFT + CELL * report.headsOfLayer() + 20);
        int height = TOP + ROW * report.layers() + 34;
        String title = "What heads do: " + report.model();
        StringBuilder svg =
                new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                <style>svg { background: #fff; font: 12px system-ui, sans-serif; fill: #222 }
                rect { fill: #0072b2; stroke: #bbb } .name, .number { text-anchor: middle }
                .number { fill: #666; font-size: 11px }</style>
                <text x="20" y="26" font-size="15">%s</text>
                """, width, height, escaped(title), escaped(title)));
        for (int head = 0; head < report.headsOfLayer(); head++) {
            svg.append(number(LEFT + CELL * head + CELL / 2, TOP - 8, head));
        }
        for (int layer = 0; layer < report.layers(); layer++) {
            svg.append(number(LEFT - 14, TOP + ROW * layer + ROW / 2 + 4, layer));
            for (int head = 0; head < report.headsOfLayer(); head++) {
                svg.append(cell(layer, head));
            }
        }
        return svg.append(
                        "<text x=\"20\" y=\"%d\" fill=\"#666\">The fuller the colour, the more often; empty: no role was found.</text>%n"
                                .formatted(height - 12))
                .append("</svg>\n")
                .toString();
    }

    private static String number(int x, int y, int number) {
        return "<text class=\"number\" x=\"%d\" y=\"%d\">%d</text>%n".formatted(x, y, number);
    }

    private String cell(int layer, int head) {
        List<HeadRole> roles = report.heads().stream()
                .filter(one -> one.layer() == layer && one.head() == head)
                .sorted(Comparator.comparingDouble(HeadRole::rate).reversed())
                .toList();
        int x = LEFT + CELL * head;
        int y = TOP + ROW * layer;
        if (roles.isEmpty()) {
            return "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill-opacity=\"0\"/>%n"
                    .formatted(x, y, CELL - 2, ROW - 2);
        }
        StringBuilder told = new StringBuilder("layer " + layer + ", head " + head);
        roles.forEach(one -> told.append(String.format(Locale.ROOT, ", %s %.0f %%", one.role(), 100 * one.rate())));
        return String.format(
                Locale.ROOT,
                "<g><title>%s</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill-opacity=\"%.2f\"/>"
                        + "<text class=\"name\" x=\"%d\" y=\"%d\">%s</text></g>%n",
                told,
                x,
                y,
                CELL - 2,
                ROW - 2,
                0.55 * roles.getFirst().rate(),
                x + CELL / 2 - 1,
                y + ROW / 2 + 4,
                shortened(roles.getFirst().role()));
    }

    private static String shortened(Role role) {
        String name = role.toString();
        return name.length() <= 8 ? name : name.substring(0, 7) + ".";
    }
}
