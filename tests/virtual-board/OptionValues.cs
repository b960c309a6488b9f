// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Net;
using VirtualBoard.Forward;
using VirtualBoard.Tap;
using VirtualBoard.WayOut;

namespace VirtualBoard;

/// <summary>Reads the values of options. What makes no sense is a <see cref="FormatException"/> whose message is for the user.</summary>
public static class OptionValues
{
    /// <summary>The most seconds that a run may be given: three years.</summary>
    public const double MostSeconds = 100_000_000;

    /// <summary>Reads a port of this PC.</summary>
    /// <param name="text">Digits.</param>
    /// <returns>The port, or 0 for any free one.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new FormatException($"'{text}' is not a port. A port is a whole number from 1 to {IPEndPoint.MaxPort}, or 0 for any free one.");

    /// <summary>Reads a port of this PC, and maybe one of the board behind it.</summary>
    /// <param name="text">Digits, or digits, a colon and digits.</param>
    /// <returns>Both ports; the board's is its page's where none is named.</returns>
    /// <exception cref="FormatException">They are none.</exception>
    public static PortForward? Forward(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int board = colon < 0 ? Firmware.Board.HttpPort : Port(text[(colon + 1)..])!.Value;
        return board == 0
            ? throw new FormatException($"'{text}' is not PORT or PORT:BOARDPORT. The board's port is a whole number from 1 to {IPEndPoint.MaxPort}.")
            : new PortForward(Port(colon < 0 ? text : text[..colon])!.Value, board);
    }

    /// <summary>Reads a port of this PC and one of the board.</summary>
    /// <param name="text">Digits, or digits, a colon and digits.</param>
    /// <returns>Both ports; they are the same where one is named.</returns>
    /// <exception cref="FormatException">They are none.</exception>
    public static UdpForward? UdpForward(string text)
    {
        string[] ports = text.Split(':');
        int board = Port(ports[^1])!.Value;
        return ports.Length > 2 || board == 0
            ? throw new FormatException($"'{text}' is not PORT or PORT:BOARDPORT. The board's port is a whole number from 1 to {IPEndPoint.MaxPort}.")
            : new UdpForward(Port(ports[0])!.Value, board);
    }

    /// <summary>Reads the name of a network interface.</summary>
    /// <param name="text">The name.</param>
    /// <returns>The name.</returns>
    /// <exception cref="FormatException">No interface can have it.</exception>
    public static string InterfaceName(string text) => TapDevice.FindFault(text) is string fault ? throw new FormatException(fault) : text;

    /// <summary>Reads the name of a sample.</summary>
    /// <param name="text">The name.</param>
    /// <returns>The name.</returns>
    /// <exception cref="FormatException">There is none.</exception>
    public static string Sample(string text)
    {
        if (Samples.Find(text) is not null)
        {
            return text;
        }

        throw new FormatException(Samples.OnBoardsOnly.Contains(text)
            ? $"'{text}' needs nanoFramework's libraries, and runs on a board only: firmware/samples/{text}/README.md says how."
            : $"there is no sample '{text}'. There are: {string.Join(", ", Samples.Names)}.");
    }

    /// <summary>Reads how a board comes by its address.</summary>
    /// <param name="text">A word.</param>
    /// <returns>The mode.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static Firmware.AddressMode? AddressMode(string text) => text switch
    {
        "dhcp" => Firmware.AddressMode.Dhcp,
        "link-local" => Firmware.AddressMode.LinkLocal,
        "static" => Firmware.AddressMode.Static,
        _ => throw new FormatException($"'{text}' is not known: dhcp, link-local, static."),
    };

    /// <summary>Reads the path of a file that shall be written.</summary>
    /// <param name="text">The path.</param>
    /// <returns>The path.</returns>
    /// <exception cref="FormatException">No file can have it.</exception>
    public static string FilePath(string text) =>
        string.IsNullOrWhiteSpace(text) ? throw new FormatException("the name of the file is empty.") : text;

    /// <summary>Reads a seed.</summary>
    /// <param name="text">Digits, with a sign or without.</param>
    /// <returns>The seed.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static int? Seed(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed)
            ? seed
            : throw new FormatException($"'{text}' is not a seed. A seed is a whole number from {int.MinValue} to {int.MaxValue}.");

    /// <summary>Reads a time in seconds.</summary>
    /// <param name="text">Digits, with a decimal point or without.</param>
    /// <returns>The time.</returns>
    /// <exception cref="FormatException">It is none, or nothing could happen within it.</exception>
    public static TimeSpan? Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= MostSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"'{text}' is not a time in seconds. It is a number above 0 and at most {MostSeconds:F0}, such as 1.5.");
}
