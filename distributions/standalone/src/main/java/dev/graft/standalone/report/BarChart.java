package dev.graft.standalone.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;

/** Draws one figure of several things as bars. */
public final class BarChart {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 540;
    private static final int LEFT = 92;
    private static final int RIGHT = WIDTH - 36;
    private static final int TOP = 84;
    private static final int BOTTOM = HEIGHT - 64;
    private static final int TICKS = 6;

    private static final Color INK = new Color(0x22, 0x2b, 0x38);
    private static final Color FAINT_INK = new Color(0x6b, 0x76, 0x85);
    private static final Color GRID = new Color(0xe6, 0xea, 0xef);
    private static final Color BAR = new Color(0x1f, 0x6f, 0xd1);

    private final Graphics2D graphics;
    private final Map<String, Double> bars;
    private final Axis axis;

    private BarChart(Graphics2D graphics, Map<String, Double> bars) {
        this.graphics = graphics;
        this.bars = bars;
        double[] values = bars.values().stream()
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
        this.axis = Axis.over(
                Math.min(0, DoubleStream.of(values).min().orElse(0)),
                Math.max(0, DoubleStream.of(values).max().orElse(1)),
                BOTTOM,
                TOP);
    }

    /**
     * Writes the picture as PNG, under a temporary name first.
     *
     * @param bars figures by the name that stands below, in the order of drawing
     * @throws IOException if it cannot be written
     */
    public static void write(String title, Map<String, Double> bars, Path file) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        if (!ImageIO.write(draw(title, bars), "png", draft.toFile())) {
            throw new IOException("this Java runtime writes no PNG files");
        }
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Draws the picture. */
    static BufferedImage draw(String title, Map<String, Double> bars) {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        new BarChart(graphics, bars).draw(title);
        graphics.dispose();
        return picture;
    }

    private void draw(String title) {
        font(Font.BOLD, 20, INK);
        graphics.drawString(title, LEFT, 44);
        graphics.setStroke(new BasicStroke(1f));
        for (double tick : axis.ticks(TICKS)) {
            double y = axis.pixel(tick);
            graphics.setColor(GRID);
            graphics.draw(new Line2D.Double(LEFT, y, RIGHT, y));
            font(Font.PLAIN, 14, FAINT_INK);
            String label = axis.label(tick, TICKS);
            graphics.drawString(label, LEFT - 10 - graphics.getFontMetrics().stringWidth(label), (float) y + 5);
        }
        double slot = (double) (RIGHT - LEFT) / Math.max(1, bars.size());
        double left = LEFT;
        for (Map.Entry<String, Double> bar : bars.entrySet()) {
            bar(bar.getKey(), bar.getValue(), left + slot * 0.2, slot * 0.6);
            left += slot;
        }
        graphics.setColor(FAINT_INK);
        graphics.draw(new Line2D.Double(LEFT, axis.pixel(0), RIGHT, axis.pixel(0)));
    }

    private void bar(String name, double value, double left, double width) {
        double centre = left + width / 2;
        if (Double.isFinite(value)) {
            double top = Math.min(axis.pixel(0), axis.pixel(value));
            double bottom = Math.max(axis.pixel(0), axis.pixel(value));
            graphics.setColor(BAR);
            graphics.fill(new Rectangle2D.Double(left, top, width, bottom - top));
            font(Font.BOLD, 15, INK);
            centred(String.format(Locale.ROOT, "%.3f", value), centre, top - 8);
        }
        font(Font.PLAIN, 15, INK);
        centred(name, centre, BOTTOM + 26);
    }

    private void centred(String text, double x, double y) {
        graphics.drawString(text, (float) (x - graphics.getFontMetrics().stringWidth(text) / 2.0), (float) y);
    }

    private void font(int style, int size, Color color) {
        graphics.setFont(new Font(Font.SANS_SERIF, style, size));
        graphics.setColor(color);
    }
}
