// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.Versioning;

namespace HostTests.EndToEnd;

/// <summary>What tests believe of the programs on this PC: else they would fail where they should be skipped.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tools");

    public void Dispose() => _folder.Delete(recursive: true);

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_nobody_may_run_is_no_tool()
    {
        string file = Path.Combine(_folder.FullName, "program");
        File.WriteAllText(file, "#!/bin/sh\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.False(Tool.Exists("program", _folder.FullName));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.True(Tool.Exists("program", "/nowhere" + Path.PathSeparator + _folder.FullName));
    }

    [UnixFact]
    public void A_folder_is_no_tool()
    {
        _folder.CreateSubdirectory("program");
        Assert.False(Tool.Exists("program", _folder.FullName));
        Assert.False(Tool.Exists("other", _folder.FullName));
    }

    // as Debian 12's iputils-arping 20221126 and arping 2.23 write
    [Theory]
    [InlineData("Unicast reply from 192.168.1.50 [02:28:60:00:00:01]  0.719ms\nUnicast reply from 192.168.1.50 [02:28:60:00:00:01]  0.6ms\n")]
    [InlineData("60 bytes from 02:28:60:00:00:01 (192.168.1.50): index=0 time=6.2 msec\n60 bytes from 02:28:60:00:00:01 (192.168.1.50): index=1 time=5 msec\n")]
    public void Replies_to_both_arpings_are_counted(string output)
    {
        Assert.Equal(2, Arping.CountReplies(output, "192.168.1.50"));
        Assert.Equal(0, Arping.CountReplies(output, "192.168.1.5"));
        Assert.Equal(0, Arping.CountReplies(output.Replace("00:01", "00:02", StringComparison.Ordinal), "192.168.1.50"));
    }
}
