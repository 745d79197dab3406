/* main.c: the program's door; commands/ does the work. */
#include <unistd.h>

#include "commands/commands.h"

int main(int argc, char **argv)
{
	(void)argc;
	return commands_main((const char *const *)argv, (const char *const *)environ);
}
