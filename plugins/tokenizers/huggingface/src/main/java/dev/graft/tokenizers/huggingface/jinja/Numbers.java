package dev.graft.tokenizers.huggingface.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic. Integers are {@link Long}, floating-point numbers {@link Double}, truth values count as 0 and 1. */
final class Numbers {
    private Numbers() {}

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    /** The value as an integer; an error for anything that is none. */
    static long integer(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        throw Values.mismatch("an integer", value);
    }

    static double number(Object value) {
        return value instanceof Double number ? number : (double) integer(value);
    }

    static Object binary(String operator, Object left, Object right) {
        if (left instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (right instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (isNumber(left) && isNumber(right)) {
            return isInteger(left) && isInteger(right)
                    ? integers(operator, integer(left), integer(right))
                    : doubles(operator, number(left), number(right));
        }
        if (operator.equals("+") && left instanceof String first && right instanceof String second) {
            return first + second;
        }
        if (operator.equals("+")
                && left instanceof List<?> first
                && right instanceof List<?> second
                && left instanceof Tuple == right instanceof Tuple) {
            List<Object> sum = new ArrayList<>(first);
            sum.addAll(second);
            return left instanceof Tuple ? new Tuple(sum) : sum;
        }
        if (operator.equals("*") && (isInteger(left) || isInteger(right))) {
            Object repeated = isInteger(left) ? right : left;
            int times = (int) Math.max(0, integer(isInteger(left) ? left : right));
            if (repeated instanceof String text) {
                return text.repeat(times);
            }
            if (repeated instanceof List<?> list) {
                List<Object> result = new ArrayList<>();
                for (int i = 0; i < times; i++) {
                    result.addAll(list);
                }
                return result;
            }
        }
        if (operator.equals("%") && left instanceof String format) {
            return PercentFormat.apply(format, right);
        }
        throw new TemplateException("unsupported operand types for " + operator + ": '" + Values.typeName(left)
                + "' and '" + Values.typeName(right) + "'");
    }

    private static Object integers(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "/" -> (double) a / nonZero(b);
            case "//" -> Math.floorDiv(a, nonZero(b));
            case "%" -> Math.floorMod(a, nonZero(b));
            default -> b < 0 ? (Object) Math.pow((double) a, (double) b) : (Object) power(a, b);
        };
    }

    private static long power(long base, long exponent) {
        long result = 1;
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static Object doubles(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / nonZero(b);
            case "//" -> Math.floor(a / nonZero(b));
            case "%" -> a - Math.floor(a / nonZero(b)) * b;
            default -> Math.pow(a, b);
        };
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new TemplateException("division by zero");
        }
        return divisor;
    }

    private static double nonZero(double divisor) {
        if (divisor == 0) {
            throw new TemplateException("division by zero");
        }
        return divisor;
    }

    /** Python's {@code repr} of a float: the shortest digits, scientific outside 1e-4 to 1e16. */
    static String print(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = decimal.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /** Rounds half to even, as Python does, or up or down. */
    static double round(double value, int digits, String method) {
        RoundingMode mode = switch (method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new TemplateException("method must be common, ceil or floor, not " + method);
        };
        return new BigDecimal(value).setScale(digits, mode).doubleValue();
    }
}
