// A till over TCP, Java 11 or later. Usage: java Till.java HOST PORT ORDER AMOUNT
import java.io.*;
import java.net.Socket;

class Till {
    public static void main(String[] args) throws IOException {
        try (var link = new Socket(args[0], Integer.parseInt(args[1]))) {
            var command = "pay order=" + args[2] + " amount=" + args[3] + "\r\n";
            link.getOutputStream().write(command.getBytes("UTF-8"));
            var replies = new BufferedReader(new InputStreamReader(link.getInputStream(), "UTF-8"));
            for (String line; (line = replies.readLine()) != null;) {
                System.out.println(line);
                if (line.startsWith("result ") || line.startsWith("error "))
                    System.exit(line.contains(" state=paid ") ? 0 : 1);
            }
        }
        System.exit(2);  // no answer: ask for the order's status before anything else
    }
}
