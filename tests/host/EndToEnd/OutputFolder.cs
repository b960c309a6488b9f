// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.EndToEnd;

/// <summary>Where captures and screenshots of a test run are left for whoever wants to look at them.</summary>
internal static class OutputFolder
{
    public static string PathOf(string file)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "end-to-end");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, file);
    }
}
