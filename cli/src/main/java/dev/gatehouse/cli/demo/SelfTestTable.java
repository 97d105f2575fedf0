package dev.gatehouse.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The table that {@code demo --self-test} prints. */
final class SelfTestTable {
    private SelfTestTable() {}

    /** One line for the head, one for each step, one for the result. */
    static List<String> lines(List<SelfTest.Step> steps) {
        List<String> lines = new ArrayList<>();
        lines.add(line("step", "expected", "got", "time", "introspection calls"));
        for (SelfTest.Step step : steps) {
            String got = step.asExpected() ? step.got() : step.got() + " !";
            String time = step.expected().startsWith("<") ? "" : time(step.nanos());
            lines.add(line(step.number() + " " + step.name(), step.expected(), got, time, calls(step)));
        }
        long wrong = steps.stream().filter(step -> !step.asExpected()).count();
        lines.add(
                wrong == 0
                        ? "  all " + steps.size() + " as expected"
                        : "  " + wrong + " of " + steps.size() + " not as expected");
        return lines;
    }

    private static String calls(SelfTest.Step step) {
        SelfTest.Calls calls = step.calls();
        if (calls == null) {
            return step.expected().startsWith("<") ? "" : "-";
        }
        String made = Integer.toString(calls.made());
        String count = calls.made() == calls.expected() ? made : made + " ! expected " + calls.expected();
        return calls.why().isEmpty() ? count : count + "   " + calls.why();
    }

    private static String time(@Nullable Long nanos) {
        return nanos == null ? "" : String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }

    private static String line(String step, String expected, String got, String time, String calls) {
        return String.format(Locale.ROOT, "  %-40s %-9s %-5s %-8s %s", step, expected, got, time, calls)
                .stripTrailing();
    }
}
