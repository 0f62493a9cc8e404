      * A till on a serial port, COBOL. Usage: till PORT ORDER AMOUNT
       IDENTIFICATION DIVISION.
       PROGRAM-ID. till.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT to-bridge ASSIGN port ORGANIZATION LINE SEQUENTIAL.
           SELECT from-bridge ASSIGN port ORGANIZATION LINE SEQUENTIAL.
       DATA DIVISION.
       FILE SECTION.
       FD to-bridge.
       01 command PIC X(120).
       FD from-bridge.
       01 reply PIC X(400).
       WORKING-STORAGE SECTION.
       01 port PIC X(80).
       01 order-no PIC X(20).
       01 amount PIC X(10).
       01 paid PIC 9 VALUE 0.
       PROCEDURE DIVISION.
           ACCEPT port FROM ARGUMENT-VALUE
           ACCEPT order-no FROM ARGUMENT-VALUE
           ACCEPT amount FROM ARGUMENT-VALUE
           OPEN OUTPUT to-bridge INPUT from-bridge
           MOVE SPACES TO command
           STRING "pay order=" DELIMITED BY SIZE
               order-no DELIMITED BY SPACE
               " amount=" amount DELIMITED BY SIZE INTO command
           WRITE command
           PERFORM UNTIL reply(1:6) = "result" OR "error "
               READ from-bridge AT END MOVE "error, gone" TO reply
               END-READ
               DISPLAY FUNCTION TRIM(reply)
           END-PERFORM
           INSPECT reply TALLYING paid FOR ALL " state=paid "
           CLOSE to-bridge from-bridge
           IF paid = 0 STOP RUN 1.
           STOP RUN.
