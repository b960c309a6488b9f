// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using TcpIp;

namespace VirtualBoard.Commands;

/// <summary>Asks the board's resolver for a name, and waits for what it says.</summary>
internal static class NameLookup
{
    private const int Interval = 10;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Looks a name up.</summary>
    /// <returns>The address, or the reason why there is none.</returns>
    public static string Of(BoardThread board, string name)
    {
        int ticket = board.Ask(network => network.Resolver.Begin(name));
        if (ticket < 0)
        {
            return Explain(ticket);
        }

        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_limit)
        {
            uint address = 0;
            int result = board.Ask(network => network.Resolver.GetResult(ticket, out address));
            if (result == 0)
            {
                return IPv4Address.ToString(address);
            }

            if (result != (int)SocketError.WouldBlock)
            {
                return Explain(result);
            }

            Thread.Sleep(Interval);
        }

        board.Ask(network =>
        {
            network.Resolver.Cancel(ticket);
            return 0;
        });
        return Explain((int)SocketError.TimedOut);
    }

    private static string Explain(int error) => $"{(SocketError)error}: {SocketErrorText.Of((SocketError)error)}";
}
