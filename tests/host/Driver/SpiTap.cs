// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace HostTests.Driver;

/// <summary>Stands between bus and chip: counts windows, and can change single bytes or withhold whole windows.</summary>
internal sealed class SpiTap(ISpiPeripheral inner) : ISpiPeripheral
{
    private readonly List<byte> _window = [];
    private bool _passing;

    /// <summary>Gets or sets what decides, by the first byte of a window, whether the chip sees the window at all.</summary>
    public Func<byte, bool>? Pass { get; set; }

    /// <summary>Gets or sets what replaces an answer: first byte of the window, index of the byte, byte from the chip.</summary>
    public Func<byte, int, byte, byte>? Answer { get; set; }

    /// <summary>Gets or sets what happens before a window opens, at the boundary between two transfers.</summary>
    public Action? Before { get; set; }

    /// <summary>Gets or sets where to note the bytes that the host sent, one entry per window; nothing is noted if null.</summary>
    public List<byte[]>? Log { get; set; }

    /// <summary>Gets the windows so far.</summary>
    public int Windows { get; private set; }

    /// <summary>Gets the bytes so far.</summary>
    public int Bytes { get; private set; }

    public void Attach(in SpiLineSettings settings) => inner.Attach(settings);

    public void Select()
    {
        Before?.Invoke();
        Windows++;
        _window.Clear();
        _passing = false;
    }

    public byte Exchange(byte mosi)
    {
        // the chip is selected late, when the first byte has told whether to
        if (_window.Count == 0)
        {
            _passing = Pass?.Invoke(mosi) ?? true;
            if (_passing)
            {
                inner.Select();
            }
        }

        _window.Add(mosi);
        Bytes++;
        byte miso = _passing ? inner.Exchange(mosi) : (byte)0xFF;
        return Answer?.Invoke(_window[0], _window.Count - 1, miso) ?? miso;
    }

    public void Deselect()
    {
        if (_passing)
        {
            inner.Deselect();
        }

        Log?.Add([.. _window]);
    }
}
