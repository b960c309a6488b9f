// Licensed under the MIT license. See LICENSE in the repository root.

namespace HttpClientSample
{
    /// <summary>
    /// Reads a whole number out of a JSON object: enough for an answer such as {"interval":10}. For more there is nanoFramework.Json.
    /// </summary>
    internal static class JsonNumber
    {
        private const string Space = " \t\r\n";
        private const string Digits = "-0123456789";

        /// <summary>
        /// Looks for a member of the outermost object.
        /// </summary>
        /// <param name="json">The object.</param>
        /// <param name="name">The member's name, without characters that JSON has to escape.</param>
        /// <param name="value">Its value.</param>
        /// <returns>Whether there is one, and it is a whole number that fits.</returns>
        internal static bool TryRead(string json, string name, out int value)
        {
            value = 0;
            int depth = 0;
            int at = 0;
            while (at < json.Length)
            {
                char token = json[at++];
                if (token == '{' || token == '[')
                {
                    depth++;
                }
                else if (token == '}' || token == ']')
                {
                    depth--;
                }
                else if (token == '"')
                {
                    int begin = at;
                    at = EndOfString(json, begin);
                    if (depth == 1 && at - begin - 1 == name.Length && json.Substring(begin, name.Length) == name)
                    {
                        int number = Skip(json, at, Space);
                        if (number < json.Length && json[number] == ':')
                        {
                            number = Skip(json, number + 1, Space);
                            return IsEnd(json, Skip(json, number, Digits)) && int.TryParse(json.Substring(number, Skip(json, number, Digits) - number), out value);
                        }
                    }
                }
            }

            return false;
        }

        /// <summary>Finds what is behind a string's closing quotation mark.</summary>
        private static int EndOfString(string json, int at)
        {
            while (at < json.Length && json[at] != '"')
            {
                at += json[at] == '\\' ? 2 : 1;
            }

            return at < json.Length ? at + 1 : json.Length;
        }

        private static int Skip(string json, int at, string characters)
        {
            while (at < json.Length && characters.IndexOf(json[at]) >= 0)
            {
                at++;
            }

            return at;
        }

        /// <summary>Whether a number may end there: not one with a fraction or an exponent.</summary>
        private static bool IsEnd(string json, int at)
        {
            at = Skip(json, at, Space);
            return at < json.Length && (json[at] == ',' || json[at] == '}');
        }
    }
}
