// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Capture;
using VirtualBoard.Commands;
using VirtualBoard.Enc28j60;
using VirtualBoard.Forward;
using VirtualBoard.Tap;
using VirtualBoard.WayOut;

namespace VirtualBoard;

/// <summary>One run from start to end: the board, what it is plugged into, the capture, and what is told about it.</summary>
public sealed class BoardRun : IDisposable
{
    /// <summary>All was well.</summary>
    public const int Success = 0;

    /// <summary>The driver broke a rule of the chip, or something ended that should not.</summary>
    public const int Failure = 1;

    private const int RefreshMs = 200;
    private const int HintAfterSeconds = 10;

    private static readonly TimeSpan s_quitLimit = TimeSpan.FromSeconds(5);

    // in which the answer to the command is written
    private static readonly TimeSpan s_answerTime = TimeSpan.FromMilliseconds(100);

    private readonly BoardOptions _options;
    private readonly VirtualBoardHost _host;
    private readonly WireCapture? _capture;
    private readonly TapDevice? _device;
    private readonly TapBridge? _bridge;
    private readonly Forwarder? _forwarder;
    private readonly string? _browser;
    private readonly BoardListener? _listener;
    private readonly BoardCommands _commands;
    private readonly IReadOnlyList<string> _setup = [];
    private ControlPath? _control;
    private TimeSpan? _quitAt;
    private bool _announced;
    private bool _hinted;
    private bool _disposed;

    /// <summary>Sets everything up and switches the board on.</summary>
    /// <param name="options">What the run is to be like.</param>
    /// <param name="firmware">What runs on the board; <see cref="Firmware.Program.Main"/> if null.</param>
    /// <exception cref="SetupException">Something cannot be had.</exception>
    public BoardRun(BoardOptions options, Action? firmware = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        firmware ??= options.Sample is null ? null : Samples.Find(options.Sample);
        _host = new VirtualBoardHost(new ChipOptions { Seed = options.Seed }, firmware);
        _commands = new BoardCommands(_host);
        try
        {
            _browser = options.PagePath is null ? null : PageShot.FindBrowser();
            _host.Wire.Impairment = options.Impairment?.Create(options.Seed);
            if (options.CapturePath is not null)
            {
                _capture = new WireCapture(options.CapturePath, _host.Clock, _host.BoardPort);
                _host.Wire.Tap = _capture;
            }

            if (options.TapName is not null)
            {
                _device = TapDevice.Open(options.TapName);
                if (!InterfaceSetup.TryApply(_device.Name, BoardSubnet.Gateway, BoardSubnet.Netmask))
                {
                    _setup = InterfaceSetup.Commands(_device.Name, BoardSubnet.Gateway, BoardSubnet.Netmask);
                }

                _bridge = new TapBridge(_host.Wire, _device);
                _listener = new BoardListener(_host.Wire);
            }

            if (options.ForwardPort is int port)
            {
                _forwarder = new Forwarder(_host.Wire, port, options.Seed, options.TapName is null ? options.Gateway : null, options.BoardPort);
            }

            _host.Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The board.</summary>
    public VirtualBoardHost Host => _host;

    /// <summary>The forwarder, if there is one.</summary>
    public Forwarder? Forwarder => _forwarder;

    /// <summary>What the running board can be told.</summary>
    internal BoardCommands Commands => _commands;

    /// <summary>Whether the board has shown a sign of life on the network.</summary>
    public bool Answers => _forwarder?.IsReady ?? _listener?.Address is not null;

    /// <summary>Where a browser finds the board.</summary>
    public string Url => _forwarder is not null
        ? $"http://127.0.0.1:{_forwarder.Port}/"
        : $"http://{_listener?.Address ?? Firmware.Board.Address}/";

    /// <summary>Tells what happens until it is stopped or its time is over.</summary>
    /// <param name="status">Where to tell.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The exit code.</returns>
    public int Follow(StatusLine status, WaitHandle stop)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(stop);
        if (_setup.Count > 0)
        {
            status.WriteLine("The interface has to be set up by root:");
            foreach (string command in _setup)
            {
                status.WriteLine("    sudo " + command);
            }
        }

        if (_options.ControlPath is not null)
        {
            _control = new ControlPath(_options.ControlPath, _commands, status);
        }

        TimeSpan duration = _options.Duration ?? TimeSpan.MaxValue;
        bool stopped = false;
        while (!stopped && Uptime() < duration && FailureOfAPart() is null && !HasQuit())
        {
            Announce(status);
            while (_forwarder?.TryTakeNotice(out string? notice) == true)
            {
                status.WriteLine(notice);
            }

            status.Show(Describe());
            double left = (duration - Uptime()).TotalMilliseconds;
            stopped = stop.WaitOne((int)Math.Clamp(left, 0, RefreshMs));
        }

        Exception? failure = FailureOfAPart();
        Dispose();
        status.Finish(Summarize());
        return Report(status, failure);
    }

    /// <summary>Switches the board off and closes everything.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        // First those that talk, then the board, then what listens: all that was on the wire is in the capture.
        _disposed = true;
        _control?.Dispose();
        _forwarder?.Dispose();
        _bridge?.Dispose();
        _host.Dispose();
        _device?.Dispose();
        _capture?.Dispose();
    }

    private TimeSpan Uptime() => TimeSpan.FromMicroseconds(_host.Clock.NowNs / 1000);

    private Exception? FailureOfAPart() => (MayReturn && _host.HasReturned ? null : _host.FirmwareError) ?? _forwarder?.Error;

    /// <summary>A program that was asked to end may, and a sample does when it has done its work.</summary>
    private bool MayReturn => _commands.IsEnding || _options.Sample is not null;

    /// <summary>Whether the board has ended as it should; one that was asked to and does not is switched off.</summary>
    private bool HasQuit()
    {
        if (!_commands.IsEnding)
        {
            return MayReturn && _host.HasReturned;
        }

        _quitAt ??= Uptime();
        TimeSpan? since = Uptime() - _quitAt;
        return since > s_answerTime && (_host.HasReturned || !_commands.IsAwaited || since > s_quitLimit);
    }

    private void Announce(StatusLine status)
    {
        if (_announced)
        {
            return;
        }

        if (Answers)
        {
            _announced = true;
            if (_options.Gateway.Udp is UdpForward udp && _forwarder is not null)
            {
                status.WriteLine($"Datagrams to UDP port {_forwarder.UdpPort} of 127.0.0.1 go to the board's port {udp.BoardPort}.");
            }

            status.WriteLine($"Open {Url} (Ctrl-C ends the board)");
            if (_browser is not null)
            {
                _ = Task.Run(() => status.WriteLine(PageShot.Save(_browser, Url, _options.PagePath!)));
            }
        }
        else if (!_hinted && _options.Sample is null && Uptime().TotalSeconds > HintAfterSeconds)
        {
            _hinted = true;
            status.WriteLine(_forwarder is not null
                ? $"Nothing answers on the board's port {_options.BoardPort} yet."
                : $"The board has no address yet. It asks for one by DHCP: is there a server on {_device?.Name}? With --address static it needs none.");
        }
    }

    /// <summary>The status, the most important part first: the line shows as many as fit.</summary>
    private string[] Describe()
    {
        ChipCounters counters = _host.Chip.Counters;
        TimeSpan uptime = Uptime();
        string[] parts =
        [
            $"link {(_host.Chip.HasLink ? "up" : "down")}",
            $"in {counters.FramesReceived} out {counters.FramesSent}",
            $"dropped {Dropped()} errors {Errors()}",
            $"violations {_host.Chip.Violations.Count}",
            $"up {(int)uptime.TotalHours}:{uptime.Minutes:D2}:{uptime.Seconds:D2}",
        ];
        return _forwarder is null ? parts : [.. parts, $"open {_forwarder.OpenConnections}"];
    }

    private string Summarize()
    {
        ChipCounters counters = _host.Chip.Counters;
        TimeSpan uptime = Uptime();
        return $"Ended after {(int)uptime.TotalHours}:{uptime.Minutes:D2}:{uptime.Seconds:D2}, in {counters.FramesReceived} out {counters.FramesSent}, " +
            $"dropped {Dropped()} errors {Errors()}, violations {_host.Chip.Violations.Count}";
    }

    /// <summary>What the filter keeps away is not for this board, and what came before it was up nobody misses: no losses.</summary>
    private long Dropped()
    {
        ChipCounters counters = _host.Chip.Counters;
        return counters.DroppedTotal - counters.DroppedByFilter
            - counters.DroppedByLinkDown - counters.DroppedByRxOff - counters.DroppedByPowerState
            + (_forwarder?.FramesDropped ?? 0) + (_bridge?.Refused ?? 0);
    }

    private long Errors() => _host.Chip.Counters.TransmitAborts + _host.Chip.Counters.FramesCut;

    private int Report(StatusLine status, Exception? failure)
    {
        ViolationLog violations = _host.Chip.Violations;
        if (_options.Impairment is not null)
        {
            VirtualWire wire = _host.Wire;
            status.WriteLine(
                $"Of {wire.FramesCarried} frames {wire.FramesLost} were lost, {wire.FramesDuplicated} duplicated, {wire.FramesDelayed} delayed, " +
                $"{wire.FramesCorrupted} corrupted.");
        }

        if (_capture?.Dropped > 0)
        {
            status.WriteLine($"The capture lacks {_capture.Dropped} frames: the disk was too slow.");
        }

        if (violations.Count + violations.WarningCount > 0)
        {
            status.WriteLine("The chip model reports: " + violations);
        }

        if (_capture?.Error is Exception incomplete)
        {
            status.WriteLine("The capture is not complete: " + incomplete.Message);
        }

        if (failure is not null)
        {
            // Where the firmware threw is what its author needs. What ended by itself was never thrown.
            status.WriteLine(failure.StackTrace is null ? failure.Message : failure.ToString());
        }

        return violations.Count == 0 && failure is null && _capture?.Error is null ? Success : Failure;
    }
}
