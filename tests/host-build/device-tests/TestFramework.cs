// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace nanoFramework.TestFramework
{
    /// <summary>Marks a class of tests.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class TestClassAttribute : Attribute
    {
    }

    /// <summary>Marks a test.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TestMethodAttribute : Attribute
    {
    }

    /// <summary>As much of nanoFramework's class as the tests use that count.</summary>
    public static class Assert
    {
        /// <summary>Fails if two values differ.</summary>
        public static void AreEqual(object expected, object actual, string message = "")
        {
            IsTrue(Equals(expected, actual), message + ": " + expected + " expected, " + actual + " found");
        }

        /// <summary>Fails if something does not hold.</summary>
        public static void IsTrue(bool condition, string message = "")
        {
            if (!condition)
            {
                throw new InvalidOperationException(message);
            }
        }

        /// <summary>Fails if something holds.</summary>
        public static void IsFalse(bool condition, string message = "") => IsTrue(!condition, message);

        /// <summary>Ends a test that cannot be made.</summary>
        public static void SkipTest(string message) => throw new InvalidOperationException(message);
    }

    /// <summary>Where tests write.</summary>
    public static class OutputHelper
    {
        /// <summary>Writes a line.</summary>
        public static void WriteLine(string text) => Console.Out.WriteLine(text);
    }
}
