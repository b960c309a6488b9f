// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;

namespace RestServer
{
    /// <summary>
    /// Eight whole numbers, each there or not, and what can be asked of them.
    /// </summary>
    internal static class Values
    {
        private const int Count = 8;
        private const int LongestNumber = 11;

        // a text in the code is a new object each time it is come to: these are made once
        private static readonly string s_json = "application/json";
        private static readonly string s_id = "{\"id\":";
        private static readonly string s_value = ",\"value\":";

        private static readonly bool[] s_isThere = new bool[Count];
        private static readonly int[] s_values = new int[Count];
        private static readonly byte[] s_body = new byte[LongestNumber + 1];

        /// <summary>
        /// All that are there: [{"id":0,"value":7},...].
        /// </summary>
        internal static void List(HttpContext context)
        {
            context.Begin(200, s_json);
            bool isFirst = true;
            context.WriteByte('[');
            for (int id = 0; id < Count; id++)
            {
                if (s_isThere[id])
                {
                    if (!isFirst)
                    {
                        context.WriteByte(',');
                    }

                    isFirst = false;
                    Write(context, id);
                }
            }

            context.WriteByte(']');
        }

        /// <summary>
        /// One: {"id":0,"value":7}.
        /// </summary>
        internal static void Show(HttpContext context)
        {
            int id = FindId(context);
            if (id < 0 || !s_isThere[id])
            {
                context.Reply(404);
                return;
            }

            context.Begin(200, s_json);
            Write(context, id);
        }

        /// <summary>
        /// Sets one: the body is a whole number, which is JSON too.
        /// </summary>
        internal static void Set(HttpContext context)
        {
            int id = FindId(context);
            if (id < 0)
            {
                context.Reply(404);
                return;
            }

            int length = context.ReadBody(s_body, 0, s_body.Length);
            int value;
            if (!TryRead(length, out value))
            {
                context.Reply(422);
                return;
            }

            bool isNew = !s_isThere[id];
            s_isThere[id] = true;
            s_values[id] = value;
            context.Begin(isNew ? 201 : 200, s_json);
            Write(context, id);
        }

        /// <summary>
        /// Forgets one.
        /// </summary>
        internal static void Delete(HttpContext context)
        {
            int id = FindId(context);
            if (id < 0 || !s_isThere[id])
            {
                context.Reply(404);
                return;
            }

            s_isThere[id] = false;
            context.Begin(204, null);
        }

        private static int FindId(HttpContext context)
        {
            HttpValue text = context.Parameter(0);
            int id = text == null ? -1 : text.ToInt32(-1);
            return id < Count ? id : -1;
        }

        private static void Write(HttpContext context, int id)
        {
            context.Write(s_id);
            context.WriteDecimal(id);
            context.Write(s_value);
            context.WriteDecimal(s_values[id]);
            context.WriteByte('}');
        }

        /// <summary>
        /// Reads the body: digits, and a minus before them.
        /// </summary>
        private static bool TryRead(int length, out int value)
        {
            value = 0;
            int at = length > 0 && s_body[0] == '-' ? 1 : 0;
            if (length <= at || length > LongestNumber)
            {
                return false;
            }

            long number = 0;
            for (int i = at; i < length; i++)
            {
                int digit = s_body[i] - '0';
                if (digit < 0 || digit > 9)
                {
                    return false;
                }

                number = (number * 10) + digit;
            }

            number = at > 0 ? -number : number;
            value = (int)number;
            return value == number;
        }
    }
}
