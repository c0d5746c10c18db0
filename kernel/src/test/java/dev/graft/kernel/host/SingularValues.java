package dev.graft.kernel.host;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Singular value decomposition by one-sided Jacobi rotations (Hestenes 1958). */
final class SingularValues {
    /** {@code x = u diag(s) vt}, all row-major. */
    record Parts(double[] u, double[] s, double[] vt) {}

    private SingularValues() {}

    /** Decomposes {@code x [m, n]} with {@code m >= n}. */
    static Parts of(double[] x, int m, int n) {
        double[][] columns = columns(x, m, n);
        double[][] v = new double[n][n];
        for (int j = 0; j < n; j++) {
            v[j][j] = 1;
        }
        boolean rotated = true;
        while (rotated) {
            rotated = false;
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotated |= orthogonalise(columns, v, p, q);
                }
            }
        }
        return sorted(columns, v, m, n);
    }

    private static double[][] columns(double[] x, int m, int n) {
        double[][] columns = new double[n][m];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                columns[j][i] = x[i * n + j];
            }
        }
        return columns;
    }

    private static boolean orthogonalise(double[][] a, double[][] v, int p, int q) {
        double alpha = dot(a[p], a[p]);
        double beta = dot(a[q], a[q]);
        double gamma = dot(a[p], a[q]);
        if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta)) {
            return false;
        }
        double zeta = (beta - alpha) / (2 * gamma);
        double sign = zeta < 0 ? -1 : 1;
        double tangent = sign / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        double cosine = 1 / Math.sqrt(1 + tangent * tangent);
        rotate(a[p], a[q], cosine, cosine * tangent);
        rotate(v[p], v[q], cosine, cosine * tangent);
        return true;
    }

    private static void rotate(double[] x, double[] y, double cosine, double sine) {
        for (int i = 0; i < x.length; i++) {
            double old = x[i];
            x[i] = cosine * old - sine * y[i];
            y[i] = sine * old + cosine * y[i];
        }
    }

    private static Parts sorted(double[][] columns, double[][] v, int m, int n) {
        double[] norms = new double[n];
        for (int j = 0; j < n; j++) {
            norms[j] = Math.sqrt(dot(columns[j], columns[j]));
        }
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer j) -> -norms[j]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] u = new double[m * n];
        double[] s = new double[n];
        double[] vt = new double[n * n];
        for (int j = 0; j < n; j++) {
            s[j] = norms[order[j]];
            for (int i = 0; i < m; i++) {
                u[i * n + j] = s[j] == 0 ? 0 : columns[order[j]][i] / s[j];
            }
            System.arraycopy(v[order[j]], 0, vt, j * n, n);
        }
        return new Parts(u, s, vt);
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
