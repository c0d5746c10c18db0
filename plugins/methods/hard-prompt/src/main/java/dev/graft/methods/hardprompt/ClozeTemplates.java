package dev.graft.methods.hardprompt;

import dev.graft.methods.hardprompt.Part.Kind;
import dev.graft.spi.config.ConfigurationException;
import java.util.List;

/**
 * The two templates of an objective.
 *
 * @param question what is asked
 * @param demonstration an answered example
 */
record ClozeTemplates(Template question, Template demonstration) {
    /**
     * Reads the templates.
     *
     * @throws ConfigurationException if places are missing or stand where they cannot
     */
    static ClozeTemplates of(HardPromptObjectiveConfig config) {
        Template question = Template.parse("objective.template", config.template());
        Template demonstration = config.demonstrationTemplate() == null
                ? question.without(Kind.DEMONSTRATIONS)
                : Template.parse("objective.demonstration_template", config.demonstrationTemplate());
        ClozeTemplates templates = new ClozeTemplates(question, demonstration);
        templates.checkMask(config);
        templates.checkDemonstrations(config);
        templates.checkSoft(config);
        return config.task().equals("CAUSAL_LM") ? templates.upToMask() : templates;
    }

    private void checkMask(HardPromptObjectiveConfig config) {
        int masks = question.all(Kind.MASK).size();
        if (masks != 1) {
            throw new ConfigurationException("objective.template '" + question.text() + "' holds {mask} " + masks
                    + " times; it must hold it once");
        }
        List<Part> after = question.parts()
                .subList(question.first(Kind.MASK) + 1, question.parts().size());
        if (config.task().equals("CAUSAL_LM") && !after.stream().allMatch(ClozeTemplates::isBlank)) {
            throw new ConfigurationException("objective.template '" + question.text()
                    + "' goes on behind {mask}, which a causal language model cannot read before it answers; {mask} must"
                    + " stand at the end, or objective.task be MASKED_LM");
        }
        if (question.all(Kind.COLUMN).stream().anyMatch(part -> part.text().equals(config.label()))) {
            throw new ConfigurationException("objective.template '" + question.text() + "' holds the label's column '"
                    + config.label() + "', which gives the answer away; {mask} is its place");
        }
    }

    private ClozeTemplates upToMask() {
        List<Part> asked = question.parts().subList(0, question.first(Kind.MASK) + 1);
        return new ClozeTemplates(new Template(question.text(), asked), demonstration);
    }

    private static boolean isBlank(Part part) {
        return part.kind() == Kind.LITERAL && part.text().isBlank();
    }

    private void checkDemonstrations(HardPromptObjectiveConfig config) {
        if (config.demonstrations() > 0 && question.all(Kind.DEMONSTRATIONS).size() != 1) {
            throw new ConfigurationException("objective.demonstrations is " + config.demonstrations()
                    + ", but objective.template '" + question.text() + "' does not hold {demonstrations} once");
        }
        if (!demonstration.all(Kind.DEMONSTRATIONS).isEmpty()) {
            throw new ConfigurationException(
                    "objective.demonstration_template holds {demonstrations}, which only objective.template can");
        }
        if (demonstration.all(Kind.MASK).isEmpty()) {
            throw new ConfigurationException(
                    "objective.demonstration_template holds no {mask}, so a demonstration would lack its answer");
        }
    }

    private void checkSoft(HardPromptObjectiveConfig config) {
        List<Part> soft = question.all(Kind.SOFT);
        List<Part> shown = demonstration.all(Kind.SOFT);
        if (config.softToken() == null && !(soft.isEmpty() && shown.isEmpty())) {
            throw new ConfigurationException(
                    "objective.template holds {soft}; objective.soft_token must name the token that holds its place");
        }
        if (config.demonstrations() == 0 || shown.isEmpty()) {
            return;
        }
        if (!shown.equals(soft)) {
            throw new ConfigurationException("objective.demonstration_template holds other {soft} places than"
                    + " objective.template; it must hold the same ones in the same order, or none");
        }
        int at = question.first(Kind.DEMONSTRATIONS);
        boolean before = question.parts().subList(0, at).stream().anyMatch(part -> part.kind() == Kind.SOFT);
        boolean after = question.parts().subList(at, question.parts().size()).stream()
                .anyMatch(part -> part.kind() == Kind.SOFT);
        if (before && after) {
            throw new ConfigurationException(
                    "objective.template has {demonstrations} amid its {soft} places, whose order"
                            + " the demonstrations' own would break; put {demonstrations} before or behind them all");
        }
    }
}
