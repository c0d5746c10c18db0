package dev.graft.standalone.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Draws a run's losses over its steps, and the learning rate below. */
public final class LossCurve {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 720;
    private static final int LEFT = 92;
    private static final int RIGHT = WIDTH - 36;
    private static final int LOSS_TOP = 104;
    private static final int LOSS_BOTTOM = 516;
    private static final int RATE_TOP = 560;
    private static final int RATE_BOTTOM = 648;

    private static final Color INK = new Color(0x22, 0x2b, 0x38);
    private static final Color FAINT_INK = new Color(0x6b, 0x76, 0x85);
    private static final Color GRID = new Color(0xe6, 0xea, 0xef);
    private static final Color RAW = new Color(0xa9, 0xc8, 0xee);
    private static final Color SMOOTH = new Color(0x1f, 0x6f, 0xd1);
    private static final Color EVALUATION = new Color(0xe0, 0x5a, 0x1c);
    private static final Color RATE = new Color(0x3a, 0x9a, 0x6b);

    private final Graphics2D graphics;
    private final Curve curve;
    private final Axis steps;

    private LossCurve(Graphics2D graphics, Curve curve) {
        this.graphics = graphics;
        this.curve = curve;
        double[] all = Stream.of(curve.train(), curve.evaluation())
                .flatMap(List::stream)
                .mapToDouble(Point::step)
                .toArray();
        this.steps = new Axis(
                Math.min(0, DoubleStream.of(all).min().orElse(0)),
                Math.max(1, DoubleStream.of(all).max().orElse(1)),
                LEFT,
                RIGHT);
    }

    /**
     * Writes the picture as PNG, under a temporary name first.
     *
     * @throws IOException if it cannot be written
     */
    public static void write(Curve curve, Path file) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        if (!ImageIO.write(draw(curve), "png", draft.toFile())) {
            throw new IOException("this Java runtime writes no PNG files");
        }
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Draws the picture. */
    static BufferedImage draw(Curve curve) {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        new LossCurve(graphics, curve).draw();
        graphics.dispose();
        return picture;
    }

    private void draw() {
        text(curve.title(), LEFT, 44, Font.BOLD, 22, INK);
        text(summary(), LEFT, 70, Font.PLAIN, 15, FAINT_INK);
        Axis losses = losses();
        frame(losses, LOSS_TOP, LOSS_BOTTOM, 6);
        line(curve.train(), losses, RAW, 1.4f);
        line(curve.smoothed(), losses, SMOOTH, 2.8f);
        line(curve.evaluation(), losses, EVALUATION, 1.6f);
        dots(curve.evaluation(), losses);
        Axis rates = Axis.over(0, largest(curve.learningRate()), RATE_BOTTOM, RATE_TOP);
        frame(rates, RATE_TOP, RATE_BOTTOM, 2);
        line(curve.learningRate(), rates, RATE, 2.2f);
        stepLabels();
        legend();
    }

    private String summary() {
        if (curve.evaluation().isEmpty()) {
            return curve.train().isEmpty() ? "no steps" : "training " + curve.figure() + " " + trend(curve.smoothed());
        }
        return "evaluation " + curve.figure() + " " + trend(curve.evaluation());
    }

    private static String trend(List<Point> points) {
        double from = points.get(0).value();
        double to = points.get(points.size() - 1).value();
        return String.format(Locale.ROOT, "%.4f \u2192 %.4f", from, to);
    }

    private Axis losses() {
        double[] values = Stream.of(curve.train(), curve.evaluation())
                .flatMap(List::stream)
                .mapToDouble(Point::value)
                .toArray();
        return Axis.over(
                DoubleStream.of(values).min().orElse(0),
                DoubleStream.of(values).max().orElse(1),
                LOSS_BOTTOM,
                LOSS_TOP);
    }

    private static double largest(List<Point> points) {
        return points.stream().mapToDouble(Point::value).max().orElse(1);
    }

    /** Horizontal grid lines with their figures, and vertical ones through the steps. */
    private void frame(Axis figures, int top, int bottom, int wanted) {
        graphics.setStroke(new BasicStroke(1f));
        for (double tick : steps.ticks(8)) {
            graphics.setColor(GRID);
            graphics.draw(new Line2D.Double(steps.pixel(tick), top, steps.pixel(tick), bottom));
        }
        for (double tick : figures.ticks(wanted)) {
            double y = figures.pixel(tick);
            graphics.setColor(GRID);
            graphics.draw(new Line2D.Double(LEFT, y, RIGHT, y));
            textLeftOf(figures.label(tick, wanted), LEFT - 10, y + 5);
        }
        graphics.setColor(FAINT_INK);
        graphics.draw(new Line2D.Double(LEFT, bottom, RIGHT, bottom));
    }

    private void stepLabels() {
        for (double tick : steps.ticks(8)) {
            String label = steps.label(tick, 8);
            font(Font.PLAIN, 14, FAINT_INK);
            double width = graphics.getFontMetrics().stringWidth(label);
            graphics.drawString(label, (float) (steps.pixel(tick) - width / 2), RATE_BOTTOM + 22);
        }
        font(Font.PLAIN, 15, INK);
        String name = "optimizer step";
        graphics.drawString(name, (LEFT + RIGHT - graphics.getFontMetrics().stringWidth(name)) / 2f, RATE_BOTTOM + 50);
        text("learning rate", LEFT, RATE_TOP - 10, Font.PLAIN, 15, INK);
        text(curve.figure(), LEFT, LOSS_TOP - 8, Font.PLAIN, 15, INK);
    }

    private void legend() {
        int x = RIGHT - 436;
        x = legendEntry("training", RAW, x);
        x = legendEntry("training, smoothed", SMOOTH, x);
        if (!curve.evaluation().isEmpty()) {
            legendEntry("evaluation", EVALUATION, x);
        }
    }

    private int legendEntry(String name, Color color, int x) {
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke(4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(new Line2D.Double(x, LOSS_TOP - 13, x + 24, LOSS_TOP - 13));
        text(name, x + 34, LOSS_TOP - 8, Font.PLAIN, 15, INK);
        return x + 34 + graphics.getFontMetrics().stringWidth(name) + 26;
    }

    private void line(List<Point> points, Axis figures, Color color, float width) {
        if (points.isEmpty()) {
            return;
        }
        Path2D path = new Path2D.Double();
        path.moveTo(
                steps.pixel(points.get(0).step()), figures.pixel(points.get(0).value()));
        points.forEach(point -> path.lineTo(steps.pixel(point.step()), figures.pixel(point.value())));
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(path);
    }

    private void dots(List<Point> points, Axis figures) {
        for (Point point : points) {
            double x = steps.pixel(point.step());
            double y = figures.pixel(point.value());
            graphics.setColor(Color.WHITE);
            graphics.fill(new Ellipse2D.Double(x - 6.5, y - 6.5, 13, 13));
            graphics.setColor(EVALUATION);
            graphics.fill(new Ellipse2D.Double(x - 4.5, y - 4.5, 9, 9));
        }
    }

    private void text(String text, double x, double y, int style, int size, Color color) {
        font(style, size, color);
        graphics.drawString(text, (float) x, (float) y);
    }

    private void textLeftOf(String text, double x, double y) {
        font(Font.PLAIN, 14, FAINT_INK);
        graphics.drawString(text, (float) (x - graphics.getFontMetrics().stringWidth(text)), (float) y);
    }

    private void font(int style, int size, Color color) {
        graphics.setFont(new Font(Font.SANS_SERIF, style, size));
        graphics.setColor(color);
    }
}
