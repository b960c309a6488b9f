// Licensed under the MIT license. See LICENSE in the repository root.

using Firmware;

namespace VirtualBoard.Commands;

/// <summary>The commands that a running board understands: one a line, each with one line of answer.</summary>
/// <param name="host">The board.</param>
internal sealed class BoardCommands(VirtualBoardHost host)
{
    private const string Known = "link down, link up, lookup NAME, time, lease, lease forget, sockets, counters, quit";

    private readonly BoardThread _board = new();

    /// <summary>Set once the board was asked to end.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Whether the board's program has something to say before it ends.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Does what a line says.</summary>
    /// <returns>The answer, one line; what failed begins with "error:". Null for an empty line.</returns>
    public string? Execute(string line)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return words switch
            {
                [] => null,
                ["link", "down"] => SetLink(false),
                ["link", "up"] => SetLink(true),
                ["lookup", string name] => NameLookup.Of(_board, name),
                ["time"] => _board.Ask(ClockText.Of),
                ["lease"] => _board.Ask(LeaseText.Of),
                ["lease", "forget"] => _board.Ask(ForgetLease),
                ["sockets"] => _board.Ask(network => SocketList.Of(network.Stack.Sockets)),
                ["counters"] => _board.Ask(CounterList.Of),
                ["quit"] => Quit(),
                ["help"] => Known,
                _ => $"error: '{string.Join(' ', words)}' is not known. There are {Known}.",
            };
        }
        catch (CommandException e)
        {
            return "error: " + e.Message;
        }
        catch (AggregateException e)
        {
            return "error: " + e.InnerException!.Message;
        }
    }

    private static string ForgetLease(Network network)
    {
        if (network.Dhcp is null)
        {
            throw new CommandException("the address is fixed; there is no lease");
        }

        network.ForgetLease();
        return "forgotten, a server is asked";
    }

    private string SetLink(bool up)
    {
        host.Chip.LinkUp = up;
        return up ? "plugged in" : "unplugged";
    }

    /// <summary>A program that has nothing to end is only switched off.</summary>
    private string Quit()
    {
        if (Application.Current is Application { Stack: not null } application)
        {
            // first, for the program may have returned before its thread says that it was asked
            IsAwaited = true;
            IsEnding = true;
            _board.Ask(_ =>
            {
                application.Stop();
                return 0;
            });
        }

        IsEnding = true;
        return IsAwaited ? "ending" : "switching off";
    }
}
