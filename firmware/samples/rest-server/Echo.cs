// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;

namespace RestServer
{
    /// <summary>
    /// Answers exactly the body, of whatever length, while it comes: no more of it is kept than fits the frame that leaves.
    /// </summary>
    internal static class Echo
    {
        private static readonly string s_bytes = "application/octet-stream";
        private static readonly byte[] s_piece = new byte[512];

        internal static void Answer(HttpContext context)
        {
            if (context.Step == 0)
            {
                // the length is told before a byte of the answer leaves, if the client has told it; else it goes in chunks
                if (context.BodyLength >= 0)
                {
                    context.Begin(200, s_bytes, context.BodyLength);
                }
                else
                {
                    context.Begin(200, s_bytes);
                }
            }

            int count = 1;
            while (count > 0 && context.Room > 0)
            {
                count = context.ReadBody(s_piece, 0, context.Room < s_piece.Length ? context.Room : s_piece.Length);
                context.Write(s_piece, 0, count > 0 ? count : 0);
            }

            if (!context.IsBodyOver)
            {
                context.Continue(1);
            }
        }
    }
}
