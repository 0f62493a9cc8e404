{ A till on a serial port, Free Pascal 3, that never charges twice and never forgets a sale.

      till PORT ORDER AMOUNT [--cancel-after SECONDS | --refund PAYMENT]

  PORT: /dev/ttyS0, COM5. Ends with 0 when the sale is paid (or refunded), with 1 when it is not and
  may be rung up again, and with 2 when that is not known, or is for the manager: then do not ring it
  up again, but ask for its status later. }
program till;
{$mode objfpc}{$H+}
uses
  serial, sysutils;

const
  Baud = 9600;
  WaitMs = 25000; { without a word: a wire does not say that it is cut }
  Tries = 120;    { while it is not known }
  PauseMs = 1000; { between them }

var
  order, wish, asked, answer: string;
  cancelAfterMs, i: longint;

function Has(const words, line: string): boolean;
begin
  Has := pos(words, line) > 0;
end;

procedure Say(port: TSerialHandle; command: string);
begin
  command := command + #13#10;
  SerWrite(port, command[1], length(command));
end;

{ Says a command. The line that ends it; '': the answer got lost. }
function Ask(const command: string; cancelMs: longint): string;
var
  port: TSerialHandle;
  tag, line: string;
  next: char;
begin
  Ask := '';
  port := SerOpen(ParamStr(1));
  if port <= 0 then
    exit;
  SerSetParams(port, Baud, 8, NoneParity, 1, []);
  { A wire may still hold the answers to earlier commands: only what has our tag is ours. }
  tag := 'tag=' + FormatDateTime('hhnnsszzz', Now);
  Say(port, command + ' ' + tag);
  line := '';
  repeat
    next := #0;
    if (cancelMs > 0) and (SerReadTimeout(port, next, cancelMs) < 1) then begin
      cancelMs := 0;
      Say(port, 'cancel tag=cancel');
    end;
    if (next = #0) and (SerReadTimeout(port, next, WaitMs) < 1) then
      break; { silence, or the port is gone }
    if next >= ' ' then
      line := line + next
    else if line <> '' then begin
      writeln(line);
      if (pos('result ' + tag + ' ', line) = 1) or (pos('error ' + tag + ' ', line) = 1) then
        Ask := line;
      line := '';
    end;
  until Ask <> '';
  SerClose(port);
end;

{ Whether asking on would tell no more. }
function IsOver: boolean;
begin
  { The sale was refused, and nothing came of it; or its number is another sale's (32), whose fate
    is none of ours. That a status could not be told says nothing about the sale. }
  if pos('error ', answer) = 1 then
    exit((asked = wish) and (Has(' safe_to_retry=yes', answer) or Has(' code=32 ', answer)));
  IsOver := Has(' state=paid ', answer) or Has(' state=refunded ', answer)
    or Has(' state=declined ', answer) or Has(' state=cancelled ', answer)
    or Has(' state=expired ', answer) or Has(' state=rejected ', answer)
    or Has(' state=resolved ', answer);
end;

{ 0: the money has moved. 1: it has not, the bridge is sure. 2: not known, or for the manager. }
function Verdict: longint;
begin
  if not IsOver then
    exit(2);
  if Has(' code=00 ', answer) and (Has(' state=paid ', answer) or Has(' state=refunded ', answer)) then
    exit(0);
  if Has(' safe_to_retry=yes', answer) then
    exit(1);
  Verdict := 2;
end;

begin
  order := ParamStr(2);
  wish := 'pay order=' + order + ' amount=' + ParamStr(3);
  cancelAfterMs := 0;
  if ParamStr(4) = '--refund' then
    wish := 'refund order=' + order + ' of=' + ParamStr(5) + ' amount=' + ParamStr(3);
  if ParamStr(4) = '--cancel-after' then
    cancelAfterMs := StrToInt(ParamStr(5)) * 1000;

  asked := wish;
  answer := Ask(wish, cancelAfterMs);
  for i := 1 to Tries do begin
    if IsOver then
      break;
    if (asked <> wish) and (pos('error ', answer) = 1) and Has(' code=31 ', answer) then
      asked := wish { it knows no such sale: it never arrived. The same number again. }
    else begin
      Sleep(PauseMs);
      asked := 'status order=' + order;
    end;
    answer := Ask(asked, 0);
  end;
  halt(Verdict);
end.
