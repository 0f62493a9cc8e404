{ A till on a serial port, Free Pascal or Delphi. Usage: till PORT ORDER AMOUNT (PORT: /dev/ttyS0, COM5:) }
program till;
var
  outgoing, incoming: text;
  line: string;
begin
  assign(outgoing, ParamStr(1)); rewrite(outgoing);
  assign(incoming, ParamStr(1)); reset(incoming);
  writeln(outgoing, 'pay order=', ParamStr(2), ' amount=', ParamStr(3)); flush(outgoing);
  repeat
    readln(incoming, line);
    writeln(line);
  until (pos('result ', line) = 1) or (pos('error ', line) = 1) or eof(incoming);
  if pos(' state=paid ', line) = 0 then halt(1);
end.
