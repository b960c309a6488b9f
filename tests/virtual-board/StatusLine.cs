// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace VirtualBoard;

/// <summary>
/// The last line of a terminal, rewritten in place; whatever else is written goes above it. Where output goes to a file, the line is
/// written now and then instead.
/// </summary>
public sealed class StatusLine : TextWriter
{
    private static readonly TimeSpan s_plainInterval = TimeSpan.FromSeconds(10);

    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private readonly Func<int> _width;
    private readonly Lock _lock = new();
    private readonly StringBuilder _line = new();
    private string _status = string.Empty;
    private int _shown;
    private long _plainAt;
    private bool _plainShown;

    /// <summary>A status line without a status yet.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="isTerminal">Whether lines can be rewritten there.</param>
    /// <param name="width">Tells how many characters a line has.</param>
    public StatusLine(TextWriter output, bool isTerminal, Func<int> width)
    {
        _output = output;
        _isTerminal = isTerminal;
        _width = width;
    }

    /// <inheritdoc/>
    public override Encoding Encoding => _output.Encoding;

    /// <summary>A status line on the console.</summary>
    public static StatusLine OnConsole() => new(Console.Out, !Console.IsOutputRedirected, ConsoleWidth);

    /// <summary>Shows a status.</summary>
    /// <param name="status">The text.</param>
    /// <param name="important">Whether it is also to be written to a file at once.</param>
    public void Show(string status, bool important = false)
    {
        lock (_lock)
        {
            _status = status;
            if (_isTerminal)
            {
                Erase();
                Draw();
            }
            else if (important || !_plainShown || Environment.TickCount64 - _plainAt >= s_plainInterval.TotalMilliseconds)
            {
                _plainShown = true;
                _plainAt = Environment.TickCount64;
                _output.WriteLine(status);
                _output.Flush();
            }
        }
    }

    /// <summary>Writes the status a last time and lets it stand.</summary>
    public void Finish(string status)
    {
        lock (_lock)
        {
            Erase();
            _status = string.Empty;
            _output.WriteLine(status);
            _output.Flush();
        }
    }

    /// <inheritdoc/>
    public override void Write(char value)
    {
        lock (_lock)
        {
            if (value == '\n')
            {
                string text = _line.ToString();
                _line.Clear();
                Erase();
                _output.WriteLine(text);
                Draw();
            }
            else if (value != '\r')
            {
                _line.Append(value);
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count)
    {
        // a line of one thread is not mixed with one of another
        lock (_lock)
        {
            base.Write(buffer, index, count);
        }
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        lock (_lock)
        {
            base.Write(value);
        }
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        lock (_lock)
        {
            base.WriteLine(value);
        }
    }

    private static int ConsoleWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 80;
        }
    }

    private void Erase()
    {
        if (_shown > 0)
        {
            _output.Write('\r');
            _output.Write(new string(' ', _shown));
            _output.Write('\r');
            _shown = 0;
        }
    }

    private void Draw()
    {
        if (_isTerminal && _status.Length > 0)
        {
            // a line that wraps could not be rewritten
            int room = Math.Max(_width() - 1, 1);
            string text = _status.Length <= room ? _status : _status[..room];
            _output.Write(text);
            _shown = text.Length;
        }

        _output.Flush();
    }
}
