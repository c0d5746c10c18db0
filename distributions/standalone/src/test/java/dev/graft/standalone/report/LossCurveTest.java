package dev.graft.standalone.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCurveTest {
    private static final int EVALUATION = 0xffe05a1c;
    private static final int SMOOTH = 0xff1f6fd1;
    private static final int RATE = 0xff3a9a6b;

    private static Curve curve(int steps) {
        Random noise = new Random(7);
        List<Point> train = new ArrayList<>();
        List<Point> rate = new ArrayList<>();
        List<Point> evaluation = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            double loss = 1.1 + 2.2 * Math.exp(-step / 60.0);
            train.add(new Point(step, loss + noise.nextGaussian() * 0.15));
            rate.add(new Point(step, 2e-3 * Math.min(step / 20.0, (steps - step) / (steps - 20.0))));
            if (step % 50 == 0) {
                evaluation.add(new Point(step, loss + 0.05));
            }
        }
        return new Curve("lora on starter", "loss", train, evaluation, rate);
    }

    @Test
    void thePictureShowsTrainingEvaluationAndLearningRate(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("loss.png");

        LossCurve.write(curve(300), file);

        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isEqualTo(1200);
        assertThat(count(picture, SMOOTH)).isGreaterThan(500);
        assertThat(count(picture, RATE)).isGreaterThan(300);
        assertThat(count(picture, EVALUATION)).isGreaterThan(6 * 30);
        assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void aRunWithoutEvaluationOrWithoutStepsIsDrawnToo() {
        assertThat(count(LossCurve.draw(new Curve("run", "loss", curve(40).train(), List.of(), List.of())), EVALUATION))
                .isZero();
        assertThat(count(LossCurve.draw(new Curve("run", "loss", List.of(), List.of(), List.of())), SMOOTH))
                .isGreaterThan(0)
                .isLessThan(200);
    }

    private static int count(BufferedImage picture, int color) {
        int found = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                found += picture.getRGB(x, y) == color ? 1 : 0;
            }
        }
        return found;
    }
}
