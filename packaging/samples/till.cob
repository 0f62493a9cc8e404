      * A till on a serial port, GnuCOBOL 3, that never charges twice
      * and never forgets a sale.
      *
      *     till PORT ORDER AMOUNT [--refund PAYMENT]
      *     till PORT ORDER AMOUNT [--cancel-after SECONDS]   up to 25
      *
      * Ends with 0 when the sale is paid (or refunded), with 1 when it
      * is not and may be rung up again, and with 2 when that is not
      * known, or is for the manager: then do not ring it up again, but
      * ask for its status later.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. till.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT to-bridge ASSIGN port ORGANIZATION LINE SEQUENTIAL
               FILE STATUS to-status.
           SELECT from-bridge ASSIGN port ORGANIZATION LINE SEQUENTIAL
               FILE STATUS from-status.
       DATA DIVISION.
       FILE SECTION.
       FD to-bridge.
       01 command-text PIC X(400).
       FD from-bridge.
       01 heard PIC X(1000).
       WORKING-STORAGE SECTION.
       01 port PIC X(80).
       01 to-status PIC XX.
       01 from-status PIC XX.
       01 order-no PIC X(64).
       01 amount PIC X(10).
       01 word PIC X(20).
       01 word-for PIC X(128).
       01 wish PIC X(300).
       01 asked PIC X(300).
       01 answer PIC X(1000).
       01 tag PIC X(8).
       01 result-is PIC X(20).
       01 error-is PIC X(19).
       01 tries PIC 999.
       01 cancel-after PIC 99 VALUE 0.
      * Tenths of a second without a word; a tty takes 25.5 s at most.
       01 patience PIC 999.
       01 set-port PIC X(160).
       01 outcome PIC 9.
       01 found.
           05 moved PIC 999.
           05 not-moved PIC 999.
           05 code-00 PIC 999.
           05 code-31 PIC 999.
           05 code-32 PIC 999.
           05 retry-yes PIC 999.
           05 retry-no PIC 999.
       PROCEDURE DIVISION.
       ring-up.
           ACCEPT port FROM ARGUMENT-VALUE
           ACCEPT order-no FROM ARGUMENT-VALUE
           ACCEPT amount FROM ARGUMENT-VALUE
           ACCEPT word FROM ARGUMENT-VALUE
           ACCEPT word-for FROM ARGUMENT-VALUE
           STRING "pay order=" DELIMITED BY SIZE
               order-no DELIMITED BY SPACE
               " amount=" DELIMITED BY SIZE
               amount DELIMITED BY SPACE INTO wish
           IF word = "--refund"
               MOVE SPACES TO wish
               STRING "refund order=" DELIMITED BY SIZE
                   order-no DELIMITED BY SPACE
                   " of=" DELIMITED BY SIZE
                   word-for DELIMITED BY SPACE
                   " amount=" DELIMITED BY SIZE
                   amount DELIMITED BY SPACE INTO wish
           END-IF
           IF word = "--cancel-after"
               MOVE FUNCTION NUMVAL(word-for) TO cancel-after
           END-IF
           MOVE wish TO asked
           PERFORM ask
           PERFORM VARYING tries FROM 1 BY 1
                   UNTIL outcome < 3 OR tries > 120
               IF asked NOT = wish AND answer(1:6) = "error "
                       AND code-31 > 0
      * It knows no such sale: it never arrived. The same number again.
                   MOVE wish TO asked
               ELSE
                   CALL "C$SLEEP" USING 1
                   MOVE SPACES TO asked
                   STRING "status order=" DELIMITED BY SIZE
                       order-no DELIMITED BY SPACE INTO asked
               END-IF
               PERFORM ask
           END-PERFORM
           IF outcome = 3 MOVE 2 TO outcome.
           MOVE outcome TO RETURN-CODE
           STOP RUN.

      * Says what is asked. The line that ends it goes into answer;
      * spaces there: the answer got lost.
       ask.
           MOVE SPACES TO answer
           MOVE 250 TO patience
           IF cancel-after > 0 COMPUTE patience = cancel-after * 10.
           PERFORM open-port
           IF from-status = "00" AND to-status = "00"
      * A wire may still hold the answers to earlier commands: only
      * what has our tag is ours.
               MOVE FUNCTION CURRENT-DATE(9:8) TO tag
               STRING "result tag=" tag INTO result-is
               STRING "error tag=" tag INTO error-is
               MOVE SPACES TO command-text
               STRING FUNCTION TRIM(asked) " tag=" tag
                   INTO command-text
               WRITE command-text
               PERFORM UNTIL answer NOT = SPACES
                       OR from-status NOT = "00"
                   READ from-bridge
                   IF from-status(1:1) = "0"
                       MOVE "00" TO from-status
                       DISPLAY FUNCTION TRIM(heard)
                       IF heard(1:20) = result-is
                               OR heard(1:19) = error-is
                           MOVE heard TO answer
                       END-IF
                   ELSE
                       IF cancel-after > 0 PERFORM cancel-it
                   END-IF
               END-PERFORM
           END-IF
           CLOSE from-bridge to-bridge
           PERFORM judge.

      * Nothing heard for so long: cancel, and wait for the end.
       cancel-it.
           MOVE 0 TO cancel-after
           MOVE 250 TO patience
           CLOSE from-bridge to-bridge
           PERFORM open-port
           MOVE "cancel tag=cancel" TO command-text
           IF to-status = "00" WRITE command-text.

      * COBOL reads a port as a file, and knows no time limit: stty
      * gives the port one, after which READ is at the end of the file.
      * A port that is gone is not opened: that would make a file.
       open-port.
           MOVE SPACES TO set-port
           STRING "stty -F '" DELIMITED BY SIZE
               port DELIMITED BY SPACE
               "' raw -echo min 0 time " patience DELIMITED BY SIZE
               INTO set-port
           CALL "SYSTEM" USING set-port
           MOVE "35" TO from-status to-status
           IF RETURN-CODE = 0
               OPEN INPUT from-bridge
               IF from-status = "00" OPEN OUTPUT to-bridge
           END-IF.

      * 0: the money has moved. 1: it has not, the bridge is sure.
      * 2: it is for the manager. 3: not known, asking on tells more.
       judge.
           INITIALIZE found
           INSPECT answer TALLYING
               moved FOR ALL " state=paid" ALL " state=refunded"
               not-moved FOR ALL " state=declined"
                   ALL " state=cancelled" ALL " state=expired"
                   ALL " state=rejected" ALL " state=resolved"
               code-00 FOR ALL " code=00"
               code-31 FOR ALL " code=31"
               code-32 FOR ALL " code=32"
               retry-yes FOR ALL " safe_to_retry=yes"
               retry-no FOR ALL " safe_to_retry=no"
           EVALUATE TRUE
      * The sale was refused, and nothing came of it; or its number is
      * another sale's (32), whose fate is none of ours. That a status
      * could not be told says nothing about the sale.
               WHEN answer(1:6) = "error " AND asked NOT = wish
                   MOVE 3 TO outcome
               WHEN answer(1:6) = "error " AND code-32 > 0
                   MOVE 2 TO outcome
               WHEN answer(1:6) = "error " AND retry-yes > 0
                   MOVE 1 TO outcome
      * Nothing, half a line, or not over yet.
               WHEN retry-yes + retry-no = 0
                       OR moved + not-moved = 0
                   MOVE 3 TO outcome
               WHEN moved > 0 AND code-00 > 0
                   MOVE 0 TO outcome
               WHEN retry-yes > 0
                   MOVE 1 TO outcome
               WHEN OTHER
                   MOVE 2 TO outcome
           END-EVALUATE.
