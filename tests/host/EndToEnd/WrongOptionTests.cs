// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using VirtualBoard;
using VirtualBoard.Tap;

namespace HostTests.EndToEnd;

/// <summary>Whatever is wrong with an option, or cannot be had: one line that says what, exit code 2, and no board is started.</summary>
public sealed class WrongOptionTests
{
    [Theory]
    [InlineData("is not a port", "--forward", "abc")]
    [InlineData("is not a port", "--forward", "")]
    [InlineData("is not a port", "--forward", " 80")]
    [InlineData("is not a port", "--forward", "-1")]
    [InlineData("is not a port", "--forward", "65536")]
    [InlineData("is not a port", "--forward", "99999999999999999999")]
    [InlineData("is not a port", "--forward", "80.5")]
    [InlineData("is not a port", "--forward=0x50")]
    [InlineData("is not a port", "--forward", "80:")]
    [InlineData("is not a port", "--forward", ":80")]
    [InlineData("is not a port", "--forward", "1:2:3")]
    [InlineData("is not PORT or PORT:BOARDPORT", "--forward", "80:0")]
    [InlineData("cannot be an interface's name", "--tap", "")]
    [InlineData("cannot be an interface's name", "--tap", "no/name")]
    [InlineData("cannot be an interface's name", "--tap", "..")]
    [InlineData("cannot be an interface's name", "--tap", "tap%d")]
    [InlineData("cannot be an interface's name", "--tap", "sixteen-letters-")]
    [InlineData("the name of the file is empty", "--pcap", "")]
    [InlineData("the name of the file is empty", "--pcap", "  ")]
    [InlineData("is not NAME=NUMBER", "--impair", "")]
    [InlineData("is not NAME=NUMBER", "--impair", ",")]
    [InlineData("is not NAME=NUMBER", "--impair", "lose")]
    [InlineData("is not NAME=NUMBER", "--impair", "lose=")]
    [InlineData("is not NAME=NUMBER", "--impair", "lose=2,")]
    [InlineData("is not NAME=NUMBER", "--impair", "lose=-1")]
    [InlineData("is not NAME=NUMBER", "--impair", "lose=1,5")]
    [InlineData("is not NAME=NUMBER", "--impair", "delay=5ms")]
    [InlineData("a percentage is 0 to 100", "--impair", "lose=101")]
    [InlineData("a percentage is 0 to 100", "--impair", "duplicate=100.1")]
    [InlineData("a percentage is 0 to 100", "--impair", "corrupt=NaN")]
    [InlineData("a percentage is 0 to 100", "--impair", "reorder=-Infinity")]
    [InlineData("a delay is 0 to 10000 milliseconds", "--impair", "delay=10001")]
    [InlineData("a delay is 0 to 10000 milliseconds", "--impair", "jitter=Infinity")]
    [InlineData("'loose' is not known", "--impair", "loose=1")]
    [InlineData("'lose' is there more than once", "--impair", "lose=1,delay=2,lose=1")]
    [InlineData("is not a port", "--udp", "")]
    [InlineData("is not a port", "--udp", "x:7")]
    [InlineData("is not a port", "--udp", "7:65536")]
    [InlineData("is not PORT or PORT:BOARDPORT", "--udp", "0")]
    [InlineData("is not PORT or PORT:BOARDPORT", "--udp", "1:2:3")]
    [InlineData("with --tap the board is on this PC's own network", "--udp", "7", "--tap", "tap0")]
    [InlineData("with --tap the board is on this PC's own network", "--outside", "--tap", "tap0")]
    [InlineData("is not known: dhcp, link-local, static", "--address", "192.168.1.7")]
    [InlineData("there is no sample 'run'. There are: bare-server, echo, ping, ", "--sample", "run")]
    [InlineData("'m2mqtt' needs nanoFramework's libraries, and runs on a board only: firmware/samples/m2mqtt/README.md", "--sample", "m2mqtt")]
    [InlineData("the name of the file is empty", "--control", "")]
    [InlineData("is not a seed", "--seed", "abc")]
    [InlineData("is not a seed", "--seed", "")]
    [InlineData("is not a seed", "--seed", "1.5")]
    [InlineData("is not a seed", "--seed", "2147483648")]
    [InlineData("is not a time in seconds", "--seconds", "soon")]
    [InlineData("is not a time in seconds", "--seconds", "")]
    [InlineData("is not a time in seconds", "--seconds", "NaN")]
    [InlineData("is not a time in seconds", "--seconds", "Infinity")]
    [InlineData("is not a time in seconds", "--seconds", "-5")]
    [InlineData("is not a time in seconds", "--seconds", "0")]
    [InlineData("is not a time in seconds", "--seconds", "1,5")]
    [InlineData("is not a time in seconds", "--seconds", "1e3")]
    [InlineData("is not a time in seconds", "--seconds", "100000001")]
    public void A_value_that_makes_no_sense_is_named_with_its_option(string part, params string[] arguments)
    {
        string line = Refuse(arguments);
        Assert.StartsWith(arguments[0].Split('=')[0] + ": ", line, StringComparison.Ordinal);
        Assert.Contains(part, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--forward needs a value: --forward PORT.", "--forward")]
    [InlineData("--udp needs a value: --udp PORT.", "--udp")]
    [InlineData("--address needs a value: --address MODE.", "--address")]
    [InlineData("--tap needs a value: --tap NAME.", "--tap")]
    [InlineData("--pcap needs a value: --pcap FILE.", "--pcap")]
    [InlineData("--impair needs a value: --impair LIST.", "--impair")]
    [InlineData("--seed needs a value: --seed N.", "--seed")]
    [InlineData("--seconds needs a value: --seconds N.", "--forward", "0", "--seconds")]
    [InlineData("--forward: a value is missing before --tap.", "--forward", "--tap", "tap0")]
    [InlineData("--pcap: a value is missing before --seed.", "--pcap", "--seed", "3")]
    [InlineData("--tap: a value is missing before --forward.", "--tap", "--forward")]
    [InlineData("--forward is there more than once.", "--forward", "0", "--forward", "0")]
    [InlineData("--pcap is there more than once.", "--pcap", "a", "--seed", "1", "--pcap", "b")]
    [InlineData("There is no option --forwrd. There are --forward, ", "--forwrd", "8080")]
    [InlineData("There is no option --Seconds. There are --forward, ", "--Seconds", "1")]
    [InlineData("There is no option -x. There are --forward, ", "-x")]
    [InlineData("There is no option --no. There are --forward, ", "--seed", "1", "--no")]
    [InlineData("'8080' stands where an option should be. There are --forward, ", "8080")]
    [InlineData("'2' stands where an option should be. There are --forward, ", "--forward", "1", "2")]
    [InlineData("'' stands where an option should be. There are --forward, ", "")]
    [InlineData("'@file' stands where an option should be. There are --forward, ", "@file")]
    [InlineData("'[suggest]' stands where an option should be. There are --forward, ", "[suggest]")]
    [InlineData("--forward is not taken for an option behind --. Leave the -- out.", "--", "--forward", "0")]
    public void What_is_missing_or_too_much_is_named(string beginning, params string[] arguments) =>
        Assert.StartsWith(beginning, Refuse(arguments), StringComparison.Ordinal);

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--forward", "abc", "--help")]
    [InlineData("--help", "8080")]
    public void Who_asks_for_help_gets_it(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter();
        int exitCode = CommandLine.Run(arguments, output, errors, _ => throw new InvalidOperationException("A board was started."));
        Assert.Equal(0, exitCode);
        Assert.Equal(string.Empty, errors.ToString());
        Assert.Contains("Exit codes:", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Good_options_mean_what_they_say()
    {
        BoardOptions options = Accept();
        Assert.Equal(new BoardOptions { ForwardPort = 8080, Seed = 1 }, options);

        options = Accept("--forward", "0", "--pcap", "a b.pcapng", "--impair", "lose=1.5, delay=3", "--seed", "-7", "--seconds", "0.25");
        Assert.Equal((0, 80), (options.ForwardPort, options.BoardPort));
        Assert.Equal("a b.pcapng", options.CapturePath);
        Assert.Equal(new ImpairmentSettings { Lose = 1.5, Delay = 3 }, options.Impairment);
        Assert.Equal(-7, options.Seed);
        Assert.Equal(TimeSpan.FromSeconds(0.25), options.Duration);

        Assert.Equal((8007, 7), (Accept("--forward", "8007:7").ForwardPort, Accept("--forward", "8007:7").BoardPort));
        Assert.False(options.Gateway.Outside);
        Assert.Null(options.Gateway.Udp);
        Assert.Equal(Firmware.AddressMode.Static, Accept("--address", "static").Address);
        Assert.Equal("walk", Accept("--sample", "walk").Sample);
        Assert.Equal("a.sock", Accept("--control", "a.sock").ControlPath);
        Assert.True(Accept("--outside").Gateway.Outside);
        Assert.Equal(new VirtualBoard.WayOut.UdpForward(5000, 5000), Accept("--udp", "5000").Gateway.Udp);
        Assert.Equal(new VirtualBoard.WayOut.UdpForward(0, 7), Accept("--udp", "0:7").Gateway.Udp);

        // the kernel's interface takes the place of the port, unless both are named
        Assert.Null(Accept("--tap", "tap0").ForwardPort);
        Assert.Equal(65535, Accept("--tap", "fifteen-letters", "--forward=65535").ForwardPort);
        Assert.Equal(TimeSpan.FromSeconds(OptionValues.MostSeconds), Accept("--seconds", "100000000").Duration);
    }

    [Theory]
    [InlineData("no-such-folder/file.pcapng", "there is no folder")]
    [InlineData(".", "it is a folder")]
    public void A_capture_that_cannot_be_written_is_explained(string path, string why)
    {
        string line = RefuseToRun(new BoardOptions { ForwardPort = 0, CapturePath = Path.Combine(AppContext.BaseDirectory, path) });
        Assert.StartsWith("--pcap: '", line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_explained()
    {
        if (File.Exists("/dev/full"))
        {
            Assert.Contains("cannot be written", RefuseToRun(new BoardOptions { ForwardPort = 0, CapturePath = "/dev/full" }), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_port_in_use_is_explained()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        Assert.StartsWith(
            $"Port {port} of 127.0.0.1 is used by another program. Choose another", RefuseToRun(new BoardOptions { ForwardPort = port }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_is_no_tap_device_is_refused()
    {
        // without rights, or elsewhere than on Linux, the reason is another one
        AssertLine(RefuseToRun(new BoardOptions { TapName = "lo" }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(13)]
    [InlineData(16)]
    [InlineData(22)]
    public void Whatever_the_kernel_says_of_a_tap_device_is_one_line(int error)
    {
        AssertLine(TapDevice.DescribeOpen(error));
        AssertLine(TapDevice.DescribeAttach("tap0", error));
    }

    [Fact]
    public void Without_rights_the_way_out_is_named()
    {
        Assert.Contains("--forward, which needs no privileges", TapDevice.DescribeAttach("tap0", 1), StringComparison.Ordinal);
        Assert.Contains("ip tuntap add dev tap0 mode tap user", TapDevice.DescribeAttach("tap0", 1), StringComparison.Ordinal);
        Assert.Contains("--forward, which needs no privileges", TapDevice.DescribeOpen(13), StringComparison.Ordinal);
    }

    private static string Refuse(string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        int exitCode = CommandLine.Run(arguments, output, errors, _ => throw new InvalidOperationException("A board was started."));
        Assert.Equal(2, exitCode);
        Assert.Equal(string.Empty, output.ToString());
        Assert.EndsWith("\n", errors.ToString(), StringComparison.Ordinal);
        string line = errors.ToString()[..^1];
        AssertLine(line);
        return line;
    }

    private static BoardOptions Accept(params string[] arguments)
    {
        using var output = new StringWriter();
        BoardOptions? options = null;
        int exitCode = CommandLine.Run(arguments, output, output, given =>
        {
            options = given;
            return 77;
        });
        Assert.Equal(77, exitCode);
        Assert.Equal(string.Empty, output.ToString());
        return options!;
    }

    private static string RefuseToRun(BoardOptions options)
    {
        string line = Assert.Throws<SetupException>(() => new BoardRun(options)).Message;
        AssertLine(line);
        return line;
    }

    private static void AssertLine(string text)
    {
        Assert.DoesNotContain('\n', text);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 20, 200);
    }
}
