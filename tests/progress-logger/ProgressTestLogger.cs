// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;

namespace ProgressLogger;

/// <summary>
/// Tells every ten seconds how far <c>dotnet test</c> is, and at the end why tests were skipped: its own output tells neither, unless it
/// names every test that passes too. <c>tests/host.runsettings</c> switches it on.
/// </summary>
[ExtensionUri("logger://progress/v1")]
[FriendlyName("progress")]
public sealed class ProgressTestLogger : ITestLogger
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly ProgressReport _report = new(Console.Out);
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private Timer? _timer;

    /// <inheritdoc/>
    public void Initialize(TestLoggerEvents events, string testRunDirectory)
    {
        events.TestResult += (_, e) => Add(e.Result);
        events.TestRunComplete += (_, _) =>
        {
            _timer?.Dispose();
            _report.WriteSkipped();
        };
        _timer = new Timer(_ => _report.WriteProgress(_elapsed.Elapsed), null, s_interval, s_interval);
    }

    private void Add(TestResult result)
    {
        string name = result.TestCase.DisplayName;
        switch (result.Outcome)
        {
            case TestOutcome.Passed:
                _report.Pass(name);
                break;
            case TestOutcome.Failed:
                _report.Fail(name);
                break;
            default:
                string reason = string.Concat(result.Messages.Select(message => message.Text)).Trim();
                _report.Skip(name, reason.Length > 0 ? reason : result.ErrorMessage ?? "no reason is given");
                break;
        }
    }
}
