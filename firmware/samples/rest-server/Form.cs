// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;

namespace RestServer
{
    /// <summary>
    /// Answers what a form says, decoded: name=value, a line each.
    /// </summary>
    internal static class Form
    {
        private static readonly string s_text = "text/plain; charset=utf-8";

        internal static void Answer(HttpContext context)
        {
            context.Begin(200, s_text);
            for (HttpValue name = context.NextName(); name != null; name = context.NextName())
            {
                HttpValue value = context.NextValue();
                context.Write(name);
                context.WriteByte('=');
                context.Write(value);
                context.WriteByte('\n');
            }
        }
    }
}
