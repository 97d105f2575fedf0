package dev.gatehouse.architecture;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.util.List;

/** Which conversions between bytes and text leave the charset to the machine. */
final class CharsetCalls {
    private CharsetCalls() {}

    static boolean usesDefault(JavaCall<?> call) {
        CodeUnitCallTarget target = call.getTarget();
        JavaClass owner = target.getOwner();
        if (owner.isEquivalentTo(Charset.class)) {
            return target.getName().equals("defaultCharset");
        }
        return converts(owner, target) && !namesCharset(target.getRawParameterTypes());
    }

    private static boolean converts(JavaClass owner, CodeUnitCallTarget target) {
        if (owner.isEquivalentTo(String.class)) {
            return target.getName().equals("getBytes") || buildsFromBytes(target);
        }
        return isConstructor(target)
                && (owner.isEquivalentTo(InputStreamReader.class) || owner.isEquivalentTo(OutputStreamWriter.class));
    }

    private static boolean buildsFromBytes(CodeUnitCallTarget target) {
        List<JavaClass> parameters = target.getRawParameterTypes();
        return isConstructor(target)
                && !parameters.isEmpty()
                && parameters.get(0).isEquivalentTo(byte[].class);
    }

    private static boolean isConstructor(CodeUnitCallTarget target) {
        return target.getName().equals("<init>");
    }

    private static boolean namesCharset(List<JavaClass> parameters) {
        return parameters.stream()
                .anyMatch(type -> type.isEquivalentTo(Charset.class)
                        || type.isEquivalentTo(String.class)
                        || type.isEquivalentTo(CharsetEncoder.class)
                        || type.isEquivalentTo(CharsetDecoder.class));
    }
}
