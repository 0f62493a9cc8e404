// A till over TCP, Java 11 or later, that never charges twice and never forgets a sale.
//
//     java Till.java HOST:PORT ORDER AMOUNT [--cancel-after SECONDS | --refund PAYMENT]
//
// Ends with 0 when the sale is paid (or refunded), with 1 when it is not and may be rung up again,
// and with 2 when that is not known, or is for the manager: then do not ring it up again, but ask
// for its status later.
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.*;
import java.net.*;
import java.util.List;

class Till {
    static final int WAIT_MS = 100_000;  // without a word; longer than the link's patience_s
    static final int TRIES = 60;         // while it is not known
    static final int PAUSE_MS = 1_000;   // between them

    static InetSocketAddress bridge;

    public static void main(String[] args) throws InterruptedException {
        var colon = args[0].lastIndexOf(':');
        var port = Integer.parseInt(args[0].substring(colon + 1));
        bridge = new InetSocketAddress(args[0].substring(0, colon), port);
        var wish = "pay order=" + args[1] + " amount=" + args[2];
        var cancelAfterMs = 0;
        if (args.length == 5 && args[3].equals("--refund"))
            wish = "refund order=" + args[1] + " of=" + args[4] + " amount=" + args[2];
        if (args.length == 5 && args[3].equals("--cancel-after"))
            cancelAfterMs = Integer.parseInt(args[4]) * 1_000;

        var asked = wish;
        var answer = ask(wish, cancelAfterMs);
        for (int i = 0; i < TRIES && !isOver(asked.equals(wish), answer); ++i) {
            if (!asked.equals(wish) && answer.startsWith("error ") && answer.contains(" code=31 ")) {
                asked = wish;  // it knows no such sale: it never arrived. The same number again.
            } else {
                Thread.sleep(PAUSE_MS);
                asked = "status order=" + args[1];
            }
            answer = ask(asked, 0);
        }
        System.exit(verdict(asked.equals(wish), answer));
    }

    /** Says a command. The line that ends it; "": the answer got lost. */
    static String ask(String command, int cancelAfterMs) {
        try (var link = new Socket()) {
            link.connect(bridge, WAIT_MS);
            link.setSoTimeout(cancelAfterMs > 0 ? cancelAfterMs : WAIT_MS);
            say(link, command);
            var replies = new BufferedInputStream(link.getInputStream());
            var heard = new ByteArrayOutputStream();
            while (true) {
                int next;
                try {
                    next = replies.read();
                } catch (SocketTimeoutException silence) {
                    if (cancelAfterMs == 0) return "";
                    cancelAfterMs = 0;
                    link.setSoTimeout(WAIT_MS);
                    say(link, "cancel tag=cancel");
                    continue;
                }
                if (next < 0) return "";
                heard.write(next);
                if (next != '\n') continue;
                var line = heard.toString(UTF_8).strip();
                heard.reset();
                System.out.println(line);
                var ends = line.startsWith("result ") || line.startsWith("error ");
                if (ends && !line.contains(" tag=cancel "))  // that is what became of the wish
                    return line;
            }
        } catch (IOException problem) {
            System.err.println(problem.getMessage());
            return "";
        }
    }

    static void say(Socket link, String command) throws IOException {
        link.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
    }

    /** Whether asking on would tell no more. */
    static boolean isOver(boolean wished, String line) {
        // The sale was refused, and nothing came of it; or its number is another sale's (32), whose
        // fate is none of ours. That a status could not be told says nothing about the sale.
        if (line.startsWith("error "))
            return wished && (line.contains(" safe_to_retry=yes") || line.contains(" code=32 "));
        var ends = List.of("paid", "refunded", "declined", "cancelled", "expired", "rejected",
                           "resolved");
        return ends.stream().anyMatch(end -> line.contains(" state=" + end + " "));
    }

    /** 0: the money has moved. 1: it has not, the bridge is sure. 2: not known, or for the manager. */
    static int verdict(boolean wished, String line) {
        if (!isOver(wished, line)) return 2;
        var moved = line.contains(" state=paid ") || line.contains(" state=refunded ");
        if (moved && line.contains(" code=00 ")) return 0;
        return line.contains(" safe_to_retry=yes") ? 1 : 2;
    }
}
