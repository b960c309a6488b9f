// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;

namespace ProgressLogger;

/// <summary>What is told of a test run: how far it is while it goes on, and at its end which tests were skipped and why.</summary>
public sealed class ProgressReport
{
    private readonly object _lock = new();
    private readonly TextWriter _output;
    private readonly SortedDictionary<string, List<string>> _skipped = new(StringComparer.Ordinal);
    private int _passed;
    private int _failed;
    private string _last = "none has ended yet";

    /// <summary>A report of a run that begins.</summary>
    /// <param name="output">Where to write.</param>
    public ProgressReport(TextWriter output)
    {
        _output = output;
    }

    /// <summary>Adds a test that has passed.</summary>
    /// <param name="test">Its name.</param>
    public void Pass(string test)
    {
        lock (_lock)
        {
            _passed++;
            _last = test;
        }
    }

    /// <summary>Adds a test that has failed.</summary>
    /// <param name="test">Its name.</param>
    public void Fail(string test)
    {
        lock (_lock)
        {
            _failed++;
            _last = test;
        }
    }

    /// <summary>Adds a test that was skipped.</summary>
    /// <param name="test">Its name.</param>
    /// <param name="reason">Why.</param>
    public void Skip(string test, string reason)
    {
        lock (_lock)
        {
            if (!_skipped.TryGetValue(reason, out List<string>? tests))
            {
                tests = [];
                _skipped.Add(reason, tests);
            }

            tests.Add(test);
        }
    }

    /// <summary>Writes how far the run is.</summary>
    /// <param name="elapsed">The time since its start.</param>
    public void WriteProgress(TimeSpan elapsed)
    {
        lock (_lock)
        {
            string time = elapsed.ToString(@"m\:ss", CultureInfo.InvariantCulture);
            _output.WriteLine($"  {time}  {_passed} passed, {_failed} failed, {_skipped.Values.Sum(tests => tests.Count)} skipped; the last one: {_last}");
        }
    }

    /// <summary>Writes which tests were skipped, by reason.</summary>
    public void WriteSkipped()
    {
        lock (_lock)
        {
            foreach (KeyValuePair<string, List<string>> group in _skipped)
            {
                _output.WriteLine($"  Skipped: {group.Key}");
                foreach (string test in group.Value)
                {
                    _output.WriteLine("    " + test);
                }
            }
        }
    }
}
