// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using System.Text.RegularExpressions;
using Firmware;
using HostTests.Repository;
using HostTests.Stack.Mdns;
using HostTests.Stack.Sntp;
using Iot.Device.Enc28j60;
using TcpIp.Dns;
using TcpIp.Link;
using TcpIp.Mdns;
using TcpIp.Sntp;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;

namespace HostTests.Stack.Dns;

/// <summary>A name, the time and an answer to the link over the driver and the chip's model, and what each takes on the SPI bus.</summary>
public sealed class BoardServicesTests : IEthernetPort
{
    private const long Millisecond = 1_000_000;
    private const int FcsLength = 4;
    private const ulong ServerMac = 0x020000000053;

    private static readonly uint s_board = Wire.Address("192.168.1.50");
    private static readonly uint s_server = Wire.Address("192.168.1.53");

    private readonly VirtualClock _clock = new();
    private readonly Enc28j60Chip _chip;
    private readonly SpiCount _spi;
    private readonly Enc28j60 _driver;
    private readonly TcpIpStack _stack;
    private readonly List<byte[]> _sent = [];

    public BoardServicesTests()
    {
        _chip = new Enc28j60Chip(_clock) { Port = this };
        _spi = new SpiCount(_chip);
        BoardHardware hardware = new();
        hardware.Spi.Attach(Board.SpiBus, Board.ChipSelect, _spi);
        BoardHardware.Current = hardware;
        Board.ConfigurePins();
        SpiConnectionSettings settings = new(Board.SpiBus, Board.ChipSelect) { ClockFrequency = Board.SpiClockFrequency, Mode = Enc28j60.DefaultSpiMode };
        _driver = new Enc28j60(SpiDevice.Create(settings), new MacAddress(Board.CreateMacAddress()));
        _clock.Advance(100 * Millisecond);
        Assert.True(_driver.Probe());
        _stack = new TcpIpStack(new StackConfiguration { MulticastGroups = 1 }, _driver, new TestRandom(1));
        _stack.Configure(s_board, 0xFFFFFF00, 0);
        _driver.Attach(_stack.Pool);
        _driver.Start();
        Pass(5000, null);
        _chip.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, ServerMac, 1, ServerMac, s_server, 0, s_board));
        Pass(10, null);
    }

    private int Now => (int)(_clock.NowNs / Millisecond);

    [Fact]
    public void The_README_says_what_a_lookup_takes_on_the_bus()
    {
        DnsResolver resolver = new(_stack, new TestRandom(2), new DnsConfiguration());
        resolver.SetServer(0, s_server);
        Pass(10, resolver);
        int lookup = resolver.Begin("www.example.org");
        Count(50, resolver, question => new DnsQuestion(question).Answer().Address("203.0.113.80").ToBytes());
        Assert.Equal(0, resolver.GetResult(lookup, out _));
        AssertReadme("Dns");
    }

    [Fact]
    public void The_README_says_what_the_time_takes_on_the_bus()
    {
        SntpClient client = new(_stack, new TestRandom(2), new SntpConfiguration { StartSpread = 1 });
        client.SetServer(0, s_server);
        Count(50, client, question => new SntpMessage(question, DateTime.UnixEpoch.AddYears(56), DateTime.UnixEpoch.AddYears(56)).Bytes);
        Assert.True(client.IsSet);
        AssertReadme("Sntp");
    }

    [Fact]
    public void The_README_says_what_an_answer_to_the_link_takes_on_the_bus()
    {
        MdnsResponder responder = new(_stack, new TestRandom(2), new MdnsConfiguration { Services = [new MdnsService()] });
        responder.Start();

        // the group's second report comes within ten seconds
        Pass(12_000, responder);
        Assert.Equal(MdnsState.Established, responder.State);
        byte[] question = MdnsPacket.Query([("board.local", 1, 1)]);
        byte[] packet = FrameBuilder.Ip(s_server, MdnsTest.Group, 17, FrameBuilder.Udp(s_server, MdnsTest.Group, 5353, 5353, question), ttl: 255);
        Assert.True(_chip.Deliver(FrameBuilder.Ethernet(0x01005E0000FB, ServerMac, 0x0800, packet)));
        Count(50, responder, _ => null);
        Assert.Equal(1u, responder.Counters.Answers);
        AssertReadme("Mdns");
    }

    /// <inheritdoc/>
    void IEthernetPort.FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs) => _sent.Add(frameWithFcs[..^FcsLength].ToArray());

    private void AssertReadme(string service)
    {
        Assert.True(_chip.Violations.Count == 0, _chip.Violations.ToString());
        string readme = Regex.Replace(File.ReadAllText(RepositoryFiles.FullPath($"stack/{service}/README.md")), @"\s+", " ");
        Assert.Contains($"{_spi.Transactions} SPI transactions of {_spi.Bytes} bytes", readme);
    }

    private void Step(IBackgroundWork? service)
    {
        _clock.Advance(Millisecond);
        _stack.Poll(Now);
        service?.Poll(Now);
    }

    private void Pass(int milliseconds, IBackgroundWork? service)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            Step(service);
        }
    }

    private void Count(int milliseconds, IBackgroundWork service, Func<byte[], byte[]?> answer)
    {
        _sent.Clear();
        _spi.Begin();
        for (int i = 0; i < milliseconds; i++)
        {
            _spi.BeginStep();
            Step(service);
            _spi.EndStep();
            foreach (byte[] frame in _sent.Where(f => Wire.Get16(f, 12) == 0x0800 && f[23] == 17))
            {
                // behind the Ethernet, IP and UDP headers
                int port = Wire.Get16(frame, 36);
                if (answer(frame[42..(34 + Wire.Get16(frame, 38))]) is { } text)
                {
                    byte[] packet = FrameBuilder.Ip(s_server, s_board, 17, FrameBuilder.Udp(s_server, s_board, port, Wire.Get16(frame, 34), text));
                    Assert.True(_chip.Deliver(FrameBuilder.Ethernet(Wire.Get48(Board.CreateMacAddress(), 0), ServerMac, 0x0800, packet)));
                }
            }

            _sent.Clear();
        }
    }
}
