// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard;
using Xunit;

namespace HostTests.EndToEnd;

/// <summary>The last line of a terminal, and what becomes of it in a file.</summary>
public sealed class StatusLineTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Fact]
    public void OnATerminalTheLineIsRewrittenAndTextGoesAboveIt()
    {
        using var status = new StatusLine(_output, isTerminal: true, () => 80);
        status.Show("one");
        status.Show("two");
        status.WriteLine("text");
        status.Finish("end");
        Assert.Equal("one" + "\r   \r" + "two" + "\r   \r" + "text\n" + "two" + "\r   \r" + "end\n", _output.ToString());
    }

    [Fact]
    public void OnATerminalTheLineNeverWraps()
    {
        using var status = new StatusLine(_output, isTerminal: true, () => 5);
        status.Show("0123456789");
        Assert.Equal("0123", _output.ToString());
    }

    [Fact]
    public void InAFileOnlySomeLinesAreWritten()
    {
        using var status = new StatusLine(_output, isTerminal: false, () => 80);
        status.Show("first");
        status.Show("too soon");
        status.Write("te");
        status.Write("xt\r\n");
        status.Show("news", important: true);
        status.Finish("end");
        Assert.Equal("first\ntext\nnews\nend\n", _output.ToString());
    }
}
