// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard;

namespace HostTests.EndToEnd;

/// <summary>The last line of a terminal, and that there is none in a file.</summary>
public sealed class StatusLineTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Fact]
    public void On_a_terminal_the_line_is_rewritten_and_text_goes_above_it()
    {
        using var status = new StatusLine(_output, isTerminal: true, () => 80);
        status.Show("one");
        status.Show("two", "three");
        status.WriteLine("text");
        status.Finish("end");
        Assert.Equal(
            "one" + "\r     \r" + "two | three" + "\r             \r" + "text\n" + "two | three" + "\r             \r" + "end\n", _output.ToString());
    }

    [Theory]
    [InlineData(0, "0123456789 | abc | de")]
    [InlineData(80, "0123456789 | abc | de")]
    [InlineData(24, "0123456789 | abc | de")]
    [InlineData(23, "0123456789 | abc")]
    [InlineData(19, "0123456789 | abc")]
    [InlineData(18, "0123456789")]
    [InlineData(12, "012345678")]
    [InlineData(1, "0")]
    public void On_a_terminal_what_does_not_fit_is_left_out_whole(int width, string shown)
    {
        // two columns are kept for the ^C that a terminal writes there, and one because a full line may wrap
        using var status = new StatusLine(_output, isTerminal: true, () => width);
        status.Show("0123456789", "abc", "de");
        Assert.Equal(shown, _output.ToString());
    }

    [Fact]
    public void What_Ctrl_C_leaves_in_the_line_is_erased_too()
    {
        using var status = new StatusLine(_output, isTerminal: true, () => 20);
        status.Show("0123456789");
        _output.Write("^C");
        status.Finish("end");
        Assert.EndsWith("^C\r            \rend\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_file_there_is_no_status()
    {
        using var status = new StatusLine(_output, isTerminal: false, () => 80);
        status.Show("first");
        status.Write("te");
        status.Write("xt\r\n");
        status.Show("second");
        status.Finish("end");
        Assert.Equal("text\nend\n", _output.ToString());
    }
}
