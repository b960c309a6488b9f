// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace VirtualBoard;

/// <summary>
/// The last line of a terminal, rewritten in place; whatever else is written goes above it. Where output goes to a file there is no
/// such line.
/// </summary>
/// <remarks>
/// Its lock is that of <see cref="Console.Out"/>: who writes to the console takes that one first and comes here with it, and .NET takes it again
/// beneath, where bytes go out. Two threads with a lock of our own between them would wait for each other.
/// </remarks>
public sealed class StatusLine : TextWriter
{
    private const string Separator = " | ";
    private const int UsualWidth = 80;

    // where a terminal writes ^C, behind the status
    private const string Interrupt = "^C";

    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private readonly Func<int> _width;
    private readonly StringBuilder _line = new();
    private string[] _status = [];
    private int _shown;

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

    /// <summary>Shows a status, if this is a terminal.</summary>
    /// <param name="parts">What is to be told, the most important first. What does not fit the line is left out.</param>
    public void Show(params string[] parts)
    {
        lock (Console.Out)
        {
            _status = parts;
            if (_isTerminal)
            {
                Erase();
                Draw();
            }
        }
    }

    /// <summary>Puts a last line in the place of the status.</summary>
    public void Finish(string text)
    {
        lock (Console.Out)
        {
            Erase();
            _status = [];
            _output.WriteLine(text);
            _output.Flush();
        }
    }

    /// <inheritdoc/>
    public override void Write(char value)
    {
        lock (Console.Out)
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
        lock (Console.Out)
        {
            base.Write(buffer, index, count);
        }
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        lock (Console.Out)
        {
            base.Write(value);
        }
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        lock (Console.Out)
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
            return UsualWidth;
        }
    }

    private void Erase()
    {
        if (_shown > 0)
        {
            _output.Write('\r');
            _output.Write(new string(' ', _shown + Interrupt.Length));
            _output.Write('\r');
            _shown = 0;
        }
    }

    private void Draw()
    {
        if (_isTerminal && _status.Length > 0)
        {
            string text = Fit();
            _output.Write(text);
            _shown = text.Length;
        }

        _output.Flush();
    }

    /// <summary>As many parts as the line has room for.</summary>
    private string Fit()
    {
        int room = Room();
        string text = _status[0];
        for (int i = 1; i < _status.Length && text.Length + Separator.Length + _status[i].Length <= room; i++)
        {
            text += Separator + _status[i];
        }

        return text.Length <= room ? text : text[..room];
    }

    /// <summary>A line that wraps could not be rewritten, and one that is full may wrap.</summary>
    private int Room()
    {
        int width = _width();
        return Math.Max((width > 0 ? width : UsualWidth) - 1 - Interrupt.Length, 1);
    }
}
