package dev.gatehouse.cli.trytoken;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
    private final Printable printable = new Printable("a+b/c=");

    @ParameterizedTest
    @CsvSource({
        "a+b/c=,***",
        "xa+b/c=y,x***y",
        "token=a%2Bb%2Fc%3D&x,token=***&x",
        "a+b,a+b",
        "grün,grün",
    })
    void masksTheToken(String foreign, String printed) {
        assertThat(printable.text(foreign)).isEqualTo(printed);
    }

    @Test
    void leavesOutWhatATerminalObeys() {
        assertThat(printable.text("a\u001b[31m\r\nb\u202ec\u0000d\u009be\u2028f"))
                .isEqualTo("a [31m  b c d e f");
    }

    @Test
    void doesNotCutACharacterInHalves() {
        String face = "\ud83d\ude00";

        assertThat(printable.start(face.repeat(3), 3)).isEqualTo(face);
        assertThat(printable.start(" a \n b ", 80)).isEqualTo("a b");
        assertThat(printable.start("", 80)).isEmpty();
    }

    @Test
    void masksBeforeItCuts() {
        assertThat(printable.start("123456a+b/c=", 8)).isEqualTo("123456**");
    }
}
