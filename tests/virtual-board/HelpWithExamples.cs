// Licensed under the MIT license. See LICENSE in the repository root.

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace VirtualBoard;

/// <summary>The list of options, and behind it what a list does not tell: how to begin, where the page is, how it ends.</summary>
internal sealed class HelpWithExamples(HelpAction list) : SynchronousCommandLineAction
{
    private const string Start = "dotnet run --project tests/virtual-board";

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int result = list.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(
            $"""
            The page:
              http://127.0.0.1:{BoardOptions.DefaultForwardPort}/ as it comes, http://127.0.0.1:PORT/ with --forward PORT,
              and the board's own address with --tap alone. The program prints it when the board answers.

            Examples:
              {Start}
                  Then open the page in a browser. Ctrl-C ends the board.
              {Start} -- --pcap board.pcapng --seconds 60
                  Writes every frame of one minute to a file for Wireshark.
              {Start} -- --forward 0 --impair lose=2,delay=5
                  Any free port; of 100 frames two are lost, the others take 5 ms.
              {Start} -- --outside --udp 5000
                  The board may reach the Internet; datagrams to UDP port 5000 of 127.0.0.1 go to its port 5000.
              sudo {Start} -- --tap tap0 --address static
                  Linux: then ping {Firmware.Board.Address}, and curl http://{Firmware.Board.Address}/

            Commands, one a line, each with one line of answer:
              link down, link up     The cable.
              lookup NAME            The address of a host, or the reason why there is none, from the board's resolver.
              time                   The board's clock.
              lease, lease forget    What the DHCP server gave; ask for it anew.
              sockets, counters      What the board's stack holds and has counted.
              quit                   The address is given back, then the board ends.

            Exit codes:
              {BoardRun.Success}  All was well; also after Ctrl-C.
              {BoardRun.Failure}  The driver broke a rule of the chip, or the firmware or the capture ended early.
              {CommandLine.WrongUsage}  An option is wrong, or something has to be set up first. One line says what.
            """);
        return result;
    }
}
