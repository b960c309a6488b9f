// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Mutation;

/// <summary>The tests of an assembly, one by one and in this process. xunit finds and runs them; its runners choose an order of their own.</summary>
internal sealed class TestCases
{
    private readonly IXunitTestCase[] _cases;

    /// <param name="assembly">The assembly with tests.</param>
    /// <param name="prefixes">Beginnings of the names of those that are wanted.</param>
    internal TestCases(Assembly assembly, string[] prefixes)
    {
        using Collector found = new();
        using ITestFrameworkDiscoverer discoverer = new XunitTestFramework(found).GetDiscoverer(Reflector.Wrap(assembly));
        discoverer.Find(includeSourceInformation: false, found, new DefaultOptions());
        found.Complete.WaitOne();
        _cases = [.. found.Cases
            .Where(test => test.SkipReason is null && prefixes.Any(prefix => NameOf(test).StartsWith(prefix, StringComparison.Ordinal)))
            .Where(test => !test.TestMethod.TestClass.Class.Interfaces.Any(i => i.Name.StartsWith("Xunit.IClassFixture", StringComparison.Ordinal)))
            .OrderBy(test => test.DisplayName, StringComparer.Ordinal)
            .ThenBy(test => test.UniqueID, StringComparer.Ordinal)];
    }

    /// <summary>Number of tests.</summary>
    internal int Count => _cases.Length;

    /// <summary>The test as reports show it.</summary>
    internal string NameOf(int index) => _cases[index].DisplayName;

    /// <summary>Runs one test.</summary>
    /// <returns>Null if it passed, else what failed.</returns>
    internal string? Run(int index)
    {
        IXunitTestCase test = _cases[index];
        ConstructorInfo[] constructors = test.TestMethod.TestClass.Class.ToRuntimeType().GetConstructors();
        object[] arguments = [.. constructors.SelectMany(c => c.GetParameters())
            .Select(parameter => parameter.ParameterType == typeof(ITestOutputHelper)
                ? new SilentOutput()
                : throw new NotSupportedException($"{test.DisplayName} wants a {parameter.ParameterType.Name}."))];
        using Results results = new();
        using CancellationTokenSource cancel = new();
        RunSummary summary = test.RunAsync(results, results, arguments, new ExceptionAggregator(), cancel).GetAwaiter().GetResult();
        return summary.Failed == 0 ? null : results.Failure ?? "failed";
    }

    private static string NameOf(IXunitTestCase test) => test.TestMethod.TestClass.Class.Name + "." + test.TestMethod.Method.Name;

    private sealed class Collector : IMessageSink, IDisposable
    {
        internal ManualResetEvent Complete { get; } = new(false);

        internal List<IXunitTestCase> Cases { get; } = [];

        public bool OnMessage(IMessageSinkMessage message)
        {
            if (message is ITestCaseDiscoveryMessage { TestCase: IXunitTestCase test })
            {
                Cases.Add(test);
            }
            else if (message is IDiscoveryCompleteMessage)
            {
                Complete.Set();
            }

            return true;
        }

        public void Dispose() => Complete.Dispose();
    }

    private sealed class Results : IMessageBus, IMessageSink
    {
        internal string? Failure { get; private set; }

        public bool QueueMessage(IMessageSinkMessage message)
        {
            if (message is IFailureInformation failure)
            {
                Failure ??= failure.ExceptionTypes.FirstOrDefault() + ": " + failure.Messages.FirstOrDefault()
                    + " " + failure.StackTraces.FirstOrDefault()?.TrimStart();
            }

            return true;
        }

        public bool OnMessage(IMessageSinkMessage message) => true;

        public void Dispose()
        {
        }
    }

    private sealed class DefaultOptions : ITestFrameworkDiscoveryOptions
    {
        public TValue GetValue<TValue>(string name) => default!;

        public void SetValue<TValue>(string name, TValue value)
        {
        }
    }

    /// <summary>For what tests print: xunit's own refuses to, outside of its runner.</summary>
    private sealed class SilentOutput : ITestOutputHelper
    {
        public void WriteLine(string message)
        {
        }

        public void WriteLine(string format, params object[] args)
        {
        }
    }
}
