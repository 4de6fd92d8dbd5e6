-- `:TensorHints …`, and the handlers of the server's code lenses and code actions.
local M = {}

local inspector = require('tensorhints.inspector')
local pages = require('tensorhints.pages')
local server = require('tensorhints.server')

local DEVICES = { 'auto', 'cpu', vim.fn.has('mac') == 1 and 'mps' or 'cuda', 'simulated' }

local function set_device(argument)
  server.execute('setDevice', argument, function(device) server.notify(device) end)
end

local function device(words)
  local argument = server.here()
  if not argument then return end
  if words[1] then
    set_device(vim.tbl_extend('force', argument, { device = words[1] }))
    return
  end
  vim.ui.select(DEVICES, { prompt = 'Device' }, function(chosen)
    if chosen then set_device(vim.tbl_extend('force', argument, { device = chosen })) end
  end)
end

local function lesson(words)
  if words[1] then
    pages.open({ lesson = words[1], step = words[2] })
    return
  end
  server.execute('progress', nil, function(progress)
    vim.ui.select(progress.lessons, {
      prompt = progress.course,
      format_item = function(each) return ('%d. %s'):format(each.number, each.title) end,
    }, function(chosen)
      if chosen then pages.open({ lesson = chosen.lesson }) end
    end)
  end)
end

local function quiz(words)
  local argument = words[1] and { lesson = words[1], step = words[2] } or server.here()
  server.execute('quiz', argument)
end

-- In a browser: the lesson of this file, or else its tensors.
local function page(words)
  server.execute('page', words[1] and { lesson = words[1], step = words[2] } or server.here())
end

local function notify_answer(answer)
  local text = type(answer) == 'table' and (answer.message or answer.markdown or answer.backup)
  if text then server.notify(text) end
end

-- By name: the function, and the words that can follow, for completion.
local SUBCOMMANDS = {
  run = { function() server.execute('run', server.here()) end },
  stop = { function() server.execute('stop', server.here()) end },
  continue = { function() server.execute('continue', server.here()) end },
  device = { device, function() return DEVICES end },
  lesson = { lesson, pages.lessons },
  quiz = { quiz, pages.lessons },
  page = { page, pages.lessons },
  inspect = { function() inspector.open() end },
  check = { function() server.execute('check', server.here(), notify_answer) end },
  hint = { function() server.execute('hint', server.here(), notify_answer) end },
  solution = { function() server.execute('solution', server.here()) end },
  reset = { function() server.execute('reset', server.here(), notify_answer) end },
}

local function complete(_, line)
  local words = vim.split(vim.trim(line:gsub('^%s*%S+%s*', '', 1)), '%s+')
  local subcommand = SUBCOMMANDS[words[1]]
  local candidates = vim.tbl_keys(SUBCOMMANDS)
  if subcommand and (#words > 1 or line:match('%s$')) then
    candidates = vim.list_slice(subcommand[2] and subcommand[2]() or {})
  end
  local prefix = line:match('%S*$')
  candidates = vim.tbl_filter(function(word) return vim.startswith(word, prefix) end, candidates)
  table.sort(candidates)
  return candidates
end

function M.define()
  vim.api.nvim_create_user_command('TensorHints', function(given)
    local words = given.fargs
    local subcommand = SUBCOMMANDS[table.remove(words, 1)]
    if subcommand then
      server.once_started(function() subcommand[1](words) end)
    else
      server.notify('Choose one of: ' .. table.concat(complete('', 'TensorHints '), ', '), vim.log.levels.WARN)
    end
  end, { nargs = '*', complete = complete, desc = 'Tensor Hints' })

  -- The server answers with data, and the client shows it.
  local function on(name, action)
    vim.lsp.commands['tensorhints.server.' .. name] = function(command)
      action((command.arguments or {})[1] or vim.empty_dict())
    end
  end
  on('lesson', function(argument)
    if argument.lesson then pages.open(argument) else lesson({}) end
  end)
  on('setDevice', set_device)
  for _, name in ipairs({ 'check', 'hint', 'reset' }) do
    on(name, function(argument) server.execute(name, argument, notify_answer) end)
  end
  for _, name in ipairs({ 'run', 'stop', 'continue', 'quiz', 'solution', 'page' }) do
    on(name, function(argument) server.execute(name, argument) end)
  end
end

return M
