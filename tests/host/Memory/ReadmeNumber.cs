// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;

namespace HostTests.Memory;

/// <summary>Numbers as the README writes them, thousands apart.</summary>
internal static class ReadmeNumber
{
    public static string Of(int number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    /// <summary>A row of a table.</summary>
    public static string Row(string what, int number) => $"| {what} | {Of(number)} |";
}
