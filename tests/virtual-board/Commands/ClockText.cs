// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using Firmware;
using TcpIp;

namespace VirtualBoard.Commands;

/// <summary>The board's clock in one line, and who has told it.</summary>
internal static class ClockText
{
    /// <summary>Describes it.</summary>
    public static string Of(Network network)
    {
        long time = network.Sntp.GetTime((int)Environment.TickCount64);
        return time < 0
            ? $"not known, {network.Sntp.State}: no server has told it"
            : DateTime.UnixEpoch.AddMilliseconds(time).ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture)
                + $", from {IPv4Address.ToString(network.Sntp.Server)}, there and back in {network.Sntp.RoundTrip} ms";
    }
}
