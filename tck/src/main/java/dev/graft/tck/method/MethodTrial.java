package dev.graft.tck.method;

import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.MethodProvider;
import dev.graft.tck.bench.Bench;
import dev.graft.tck.bench.TinyModel;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A method with one configuration on one tiny model.
 *
 * @param bench what it runs on
 * @param provider the method
 * @param declaration what its author says about it
 * @param tried configuration and model
 * @param model the model
 * @param <C> the method's configuration
 */
public record MethodTrial<C extends Record>(
        Bench bench,
        MethodProvider<C> provider,
        MethodDeclaration declaration,
        MethodDeclaration.Tried tried,
        TinyModel model) {
    /** The trials of a declaration; without settings of its own, those models are left out that the method refuses. */
    public static <C extends Record> List<MethodTrial<?>> of(
            Bench bench, MethodProvider<C> provider, MethodDeclaration declaration) {
        return declaration.tried().stream()
                .<MethodTrial<?>>map(
                        tried -> new MethodTrial<>(bench, provider, declaration, tried, TinyModel.named(tried.model())))
                .filter(trial -> !declaration.settings().isEmpty() || trial.fits())
                .toList();
    }

    /** Whether the method does not refuse the configuration on this model. */
    boolean fits() {
        try (Stage stage = stage()) {
            stage.fresh(1);
            return true;
        } catch (ConfigurationException refused) {
            return false;
        } catch (RuntimeException | LinkageError broken) {
            return true;
        }
    }

    /** The configuration. */
    public C configuration() {
        return ConfigurationBinder.bind(provider.configuration(), tried.keys(), "method");
    }

    /** Whether the method has a capability in this setting. */
    public boolean can(Capability capability) {
        Set<Capability> lacking = EnumSet.noneOf(Capability.class);
        declaration.cannot().forEach(name -> lacking.add(Capability.named(name)));
        tried.cannot().forEach(name -> lacking.add(Capability.named(name)));
        return !lacking.contains(capability);
    }

    /** Whether a parameter by its nature changes no output. */
    public boolean deaf(String parameter) {
        return declaration.withoutGradient() != null
                && Pattern.compile(declaration.withoutGradient())
                        .matcher(parameter)
                        .find();
    }

    /** Whether the gradient of a parameter by definition is not that of the loss. */
    public boolean approximate(String parameter) {
        return tried.approximateGradient() != null
                && Pattern.compile(tried.approximateGradient())
                        .matcher(parameter)
                        .find();
    }

    /** The model in memory, in single precision. */
    public Stage stage() {
        return new Stage(this, DType.FLOAT32);
    }

    /** The model in memory, in double precision. */
    public Stage doubleStage() {
        return new Stage(this, DType.FLOAT64);
    }

    @Override
    public String toString() {
        return tried.keys().isEmpty() ? model.toString() : model + " with " + tried.keys();
    }
}
