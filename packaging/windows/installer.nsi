; The installer. Silent with /S; /D=FOLDER for another place; /SIMULATOR for the simulated cloud, too.
; makensis -DVERSION=… -DPROGRAMS=FOLDER -DSOURCES=FOLDER -DOUT=FILE installer.nsi
Target amd64-unicode
Unicode true
!include FileFunc.nsh
!include LogicLib.nsh
!ifndef VERSION | PROGRAMS | SOURCES | OUT
  !error "VERSION, PROGRAMS, SOURCES and OUT are needed"
!endif
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\ecrbridge"
Name "ecrbridge ${VERSION}"
OutFile "${OUT}"
!ifdef QUICK
  SetCompress off  ; for a test
!else
  SetCompressor /SOLID lzma
!endif
SetDateSave off  ; the same bytes from any checkout
RequestExecutionLevel admin
InstallDir "$PROGRAMFILES64\ecrbridge"
InstallDirRegKey HKLM "Software\ecrbridge" "InstallDir"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "ecrbridge"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installer of the bridge between tills and QFPay"
VIAddVersionKey LegalCopyright "MIT licence"
LicenseData "${SOURCES}\LICENSE"
Page license
Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Function .onInit
  SetRegView 64
  SetShellVarContext all
FunctionEnd

Function un.onInit
  SetRegView 64
  SetShellVarContext all
FunctionEnd

Section "ecrbridge"
  ; A service that runs is stopped by the old program, which waits for open orders, and started
  ; again at the end. Its files cannot be replaced while it runs.
  StrCpy $R9 "no"
  ${If} ${FileExists} "$INSTDIR\ecrbridged.exe"
    nsExec::ExecToStack '"$INSTDIR\ecrbridged.exe" status'
    Pop $0
    Pop $1
    ${If} $0 == 0
      StrCpy $R9 "yes"
    ${EndIf}
    nsExec::ExecToLog '"$INSTDIR\ecrbridged.exe" stop'
    Pop $0
    ${If} $0 != 0
      DetailPrint "The service does not stop; nothing was changed."
      SetErrorLevel 3
      Abort
    ${EndIf}
  ${EndIf}

  SetOutPath "$INSTDIR"
  File "${PROGRAMS}\ecrbridged.exe"
  File "${PROGRAMS}\ecrbridge.exe"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/SIMULATOR" $1
  ${IfNot} ${Errors}
    File "${PROGRAMS}\qfpay-sim.exe"
  ${EndIf}
  File "${SOURCES}\LICENSE"
  File /oname=copyright.txt "${SOURCES}\packaging\debian\copyright"
  File /oname=guide.md "${SOURCES}\packaging\windows\README.md"
  File /oname=line-dialect.md "${SOURCES}\protocol\till\line\README.md"
  File /oname=ecrbridged.sample.toml "${SOURCES}\packaging\ecrbridged.toml"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  WriteRegStr HKLM "Software\ecrbridge" "InstallDir" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayName" "ecrbridge"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayIcon" "$INSTDIR\ecrbridged.exe"
  WriteRegStr HKLM "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL}" "NoRepair" 1

  ; Also on an upgrade: a new version may ask Windows for other things.
  nsExec::ExecToLog '"$INSTDIR\ecrbridged.exe" install'
  Pop $0
  ${If} $0 != 0
    SetErrorLevel 4
    Abort "The service cannot be registered."
  ${EndIf}
  ${If} $R9 == "yes"
    nsExec::ExecToLog '"$INSTDIR\ecrbridged.exe" start'
    Pop $0
    ${If} $0 != 0
      DetailPrint "The service does not start again; see the event log."
      SetErrorLevel 5
    ${EndIf}
  ${Else}
    DetailPrint "Next, as administrator: ecrbridge setup"
  ${EndIf}
SectionEnd

Section "Uninstall"
  ; Settings, keys and the journal stay in ProgramData: it is the record of who has paid.
  nsExec::ExecToLog '"$INSTDIR\ecrbridged.exe" remove'
  Pop $0
  ${If} $0 != 0
    SetErrorLevel 3
    Abort "The service does not stop; nothing was changed."
  ${EndIf}
  Delete "$INSTDIR\ecrbridged.exe"
  Delete "$INSTDIR\ecrbridge.exe"
  Delete "$INSTDIR\qfpay-sim.exe"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\copyright.txt"
  Delete "$INSTDIR\guide.md"
  Delete "$INSTDIR\line-dialect.md"
  Delete "$INSTDIR\ecrbridged.sample.toml"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKLM "${UNINSTALL}"
  DeleteRegKey HKLM "Software\ecrbridge"
SectionEnd
