// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using VirtualBoard;
using Board = Firmware.Board;

namespace HostTests.EndToEnd;

/// <summary>A run tells when something is wrong with the board: an exit code that a script sees, and a text that a person understands.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class BoardRunTests
{
    private static readonly BoardOptions s_options = new() { ForwardPort = 0, Duration = TimeSpan.FromSeconds(20) };

    [Fact]
    public void Broken_rule_is_reported()
    {
        (int exitCode, string text) = Follow(BreakARule, TimeSpan.FromSeconds(1));
        Assert.Equal(BoardRun.Failure, exitCode);
        Assert.Matches(", violations [1-9]", text);
        Assert.Matches("The chip model reports: [1-9]", text);
        Assert.Contains("T05 ReservedAddress", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Firmware_that_ends_is_reported_at_once()
    {
        (int exitCode, string text) = Follow(() => { }, s_options.Duration!.Value);
        Assert.Equal(BoardRun.Failure, exitCode);
        Assert.Contains("Main returned", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Firmware_that_throws_is_reported_at_once()
    {
        (int exitCode, string text) = Follow(() => throw new InvalidOperationException("No pins."), s_options.Duration!.Value);
        Assert.Equal(BoardRun.Failure, exitCode);
        Assert.Contains("No pins.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_ends_the_firmware()
    {
        Thread? firmware = null;
        var run = new BoardRun(s_options, () =>
        {
            firmware = Thread.CurrentThread;
            Firmware.Program.Main();
        });
        Assert.True(run.Forwarder!.WaitUntilReady(TimeSpan.FromSeconds(30)));
        run.Dispose();
        Assert.False(firmware!.IsAlive);
        Assert.Null(run.Host.FirmwareError);
    }

    private static (int ExitCode, string Text) Follow(Action firmware, TimeSpan duration)
    {
        using var text = new StringWriter();
        using var status = new StatusLine(text, isTerminal: false, () => 80);
        using var never = new ManualResetEvent(false);
        using var run = new BoardRun(s_options with { Duration = duration }, firmware);
        int exitCode = run.Follow(status, never);
        Assert.True(run.Host.Clock.NowNs < 1e9 * 15);
        return (exitCode, text.ToString());
    }

    private static void BreakARule()
    {
        Board.ConfigurePins();
        var settings = new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect) { ClockFrequency = Board.SpiClockFrequency, Mode = SpiMode.Mode0 };
        var device = SpiDevice.Create(settings);
        Thread.Sleep(5);

        // a write to an address that is reserved in every bank (DS39662E 3.1)
        device.Write([0x5A, 0x01]);
        while (true)
        {
            Thread.Sleep(1);
            device.Write([0x00]);
        }
    }
}
