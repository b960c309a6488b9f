// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using Xunit.Sdk;

namespace HostTests.Support;

/// <summary>Runs a theory once for each word order.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BothOrdersAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        yield return [WordOrder.LowByteFirst];
        yield return [WordOrder.HighByteFirst];
    }
}
